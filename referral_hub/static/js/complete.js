// Offers ways to go on while somebody types what they need: an ARIA combobox with a list box.
// Listens on the document, since the search box may be drawn anew with each list of results.

const PAUSE = 80;
const FEWEST_LETTERS = 2;
const KINDS = { need: "Need", service: "Service", organization: "Agency", place: "Place" };

let timer;
let asking = new AbortController();
let offered = [];
let chosen = -1;
let unusablePlace;

const lists = new WeakMap();
const boxes = () => document.querySelectorAll("[data-complete]");
const isOpen = (box) => box.getAttribute("aria-expanded") === "true";

/** The list of a box, followed by a line for screen readers. */
function listOf(box) {
  if (!lists.has(box)) {
    const list = made("ul", "ways", { id: `${box.id}-ways`, role: "listbox", "aria-label": "Suggestions" });
    lists.set(box, { list, status: made("p", "usa-sr-only", { role: "status" }) });
  }
  return lists.get(box).list;
}

function made(tag, className, attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Says to assistive technology what the box is, and gives it its list; again after each morph. */
function enhance(box) {
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", listOf(box).id);
  box.after(listOf(box), lists.get(box).status);
  close(box);
}

function close(box) {
  clearTimeout(timer);
  asking.abort();
  offered = [];
  listOf(box).replaceChildren();
  say(box, "");
  mark(box, -1);
  box.setAttribute("aria-expanded", "false");
}

function say(box, text) {
  lists.get(box).status.textContent = text;
}

function place(form) {
  const found = new URLSearchParams();
  for (const name of ["near", "lat", "lon"]) {
    const field = form.elements[name];
    if (field && !field.disabled && field.value.trim()) found.set(name, field.value.trim());
  }
  return found.has("near") ? new URLSearchParams({ near: found.get("near") }) : found;
}

async function fetched(box, parameters) {
  parameters.set("q", box.value.trim());
  return fetch(`${box.dataset.complete}?${parameters}`, { signal: asking.signal });
}

/** Asks; a place that is only half typed is left out of the question from then on. */
async function ask(box) {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const around = place(box.form);
    const known = around.toString() !== unusablePlace;
    let response = await fetched(box, known ? around : new URLSearchParams());
    if (response.status === 422 && known) {
      unusablePlace = place(box.form).toString();
      response = await fetched(box, new URLSearchParams());
    }
    const { completions } = response.ok ? await response.json() : { completions: [] };
    show(box, completions);
  } catch (error) {
    if (!signal.aborted) close(box);
  }
}

function show(box, completions) {
  offered = completions;
  listOf(box).replaceChildren(...completions.map((completion, index) => option(box, completion, index)));
  mark(box, -1);
  box.setAttribute("aria-expanded", String(completions.length > 0));
  say(box, completions.length === 1 ? "1 suggestion" : `${completions.length} suggestions`);
}

function option(box, { kind, text }, index) {
  const item = made("li", "way", { id: `${box.id}-way-${index}`, role: "option", "aria-selected": "false" });
  item.dataset.index = index;
  for (const [name, words] of [["way-text", text], ["way-kind", KINDS[kind]]]) {
    const part = made("span", name);
    part.textContent = words;
    item.append(part, " ");
  }
  return item;
}

function mark(box, index) {
  chosen = index;
  for (const item of listOf(box).children) {
    item.setAttribute("aria-selected", String(Number(item.dataset.index) === index));
  }
  if (index < 0) box.removeAttribute("aria-activedescendant");
  else {
    box.setAttribute("aria-activedescendant", `${box.id}-way-${index}`);
    listOf(box).children[index].scrollIntoView({ block: "nearest" });
  }
}

/** Past either end of the list lies what was typed. */
function move(box, step) {
  const places = offered.length + 1;
  mark(box, ((chosen + 1 + step + places) % places) - 1);
}

function choose(box, { kind, text }) {
  close(box);
  if (kind === "place") {
    goTo(box, text);
    return;
  }
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.form.requestSubmit();
}

/** A place is where, not what: it fills the other field, and this one waits for the need. */
function goTo(box, text) {
  const { near } = box.form.elements;
  near.value = text;
  near.dispatchEvent(new Event("input", { bubbles: true }));
  box.value = "";
  say(box, `The search is near ${text}. What do you need?`);
}

function onKey(event, box) {
  if (event.isComposing) return;
  if (!isOpen(box)) {
    if (event.key === "ArrowDown") ask(box);
    return;
  }
  if (event.key === "ArrowDown") move(box, 1);
  else if (event.key === "ArrowUp") move(box, -1);
  else if (event.key === "Escape") close(box);
  else if (event.key === "Enter" && chosen >= 0) choose(box, offered[chosen]);
  else return;
  event.preventDefault();
}

document.addEventListener("input", ({ target: box }) => {
  if (!box.matches("[data-complete]")) return;
  clearTimeout(timer);
  if (box.value.trim().length < FEWEST_LETTERS) close(box);
  else timer = setTimeout(ask, PAUSE, box);
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches("[data-complete]")) onKey(event, event.target);
});
document.addEventListener("focusout", ({ target }) => {
  if (target.matches("[data-complete]")) close(target);
});
document.addEventListener("submit", ({ target: form }) => {
  for (const box of boxes()) if (box.form === form) close(box);
});
// The box keeps the focus while a way is pressed, or its list would close before the click.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".way")) event.preventDefault();
});
document.addEventListener("click", ({ target }) => {
  const item = target.closest(".way");
  if (!item) return;
  const box = item.closest("ul").previousElementSibling;
  choose(box, offered[Number(item.dataset.index)]);
});
document.addEventListener("htmx:after:swap", () => boxes().forEach(enhance));

boxes().forEach(enhance);
