// Shows and hides the filters and the map where there is no room for both beside the list.
// Listens on the document: the buttons come anew with each list of results.

const layout = document.getElementById("find-layout");

function toggle(button) {
  const shown = layout.classList.toggle(`shows-${button.dataset.panel}`);
  button.setAttribute("aria-expanded", String(shown));
}

function keepButtonsRight() {
  for (const button of layout.querySelectorAll("[data-panel]")) {
    const shown = layout.classList.contains(`shows-${button.dataset.panel}`);
    button.setAttribute("aria-expanded", String(shown));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-panel]");
  if (button) toggle(button);
});
document.addEventListener("htmx:after:swap", keepButtonsRight);
