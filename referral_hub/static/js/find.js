// Keeps the search form, the keyboard focus and screen readers in step with swapped results.

const LOST = "The search could not be reached. Check your connection, then try again.";

function announce(text, seen = false) {
  const line = document.getElementById("announcement");
  line.classList.toggle("usa-sr-only", !seen);
  line.textContent = text;
}

/** Morphing changes attributes only; what a person changed before must follow them. */
function followMarkup(form) {
  for (const field of form.elements) {
    if (field.type === "checkbox") field.checked = field.defaultChecked;
    else if (field.tagName === "SELECT") followOptions(field);
    else if ("defaultValue" in field && field !== document.activeElement) field.value = field.defaultValue;
  }
}

function followOptions(select) {
  for (const option of select.options) option.selected = option.defaultSelected;
}

/** A filter keeps the focus; a link hands it to the results that it led to. */
function moveFocus(cameFromLink) {
  const summary = document.getElementById("error-summary");
  const heading = document.getElementById("results-heading");
  if (summary) summary.focus();
  else if (cameFromLink) {
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start" });
  }
}

document.addEventListener("htmx:config:request", ({ detail }) => {
  const { body } = detail.ctx.request;
  for (const name of new Set(body.keys())) {
    if (!body.getAll(name).some(Boolean)) body.delete(name);
  }
});

// Other words are understood afresh.
document.addEventListener("input", ({ target }) => {
  if (target.id !== "q") return;
  for (const field of document.querySelectorAll("[data-of-words]")) field.disabled = true;
});

// Anything but a page of results (such as a server error) is shown as the page that it is.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  ctx.cameFromLink = ctx.sourceElement.tagName === "A";
  if (tasks.some((task) => task.fragment.querySelector("#find"))) return;
  event.preventDefault();
  window.location.assign(ctx.request.action);
});

document.addEventListener("htmx:after:swap", ({ detail }) => {
  followMarkup(document.getElementById("find"));
  announce(document.getElementById("results-heading").textContent);
  moveFocus(detail.ctx.cameFromLink);
});

document.addEventListener("htmx:error", () => announce(LOST, true));
