// Runs before the page is drawn: the styles then know that buttons which need scripts will work.
document.documentElement.classList.add("with-scripts");
