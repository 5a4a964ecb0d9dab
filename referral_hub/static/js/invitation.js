// Takes the token out of the link's fragment, and so out of the address bar and the history, and
// opens the invitation. This tab keeps it, for somebody who has to sign in first.
const KEPT = "invitation";
const fragment = window.location.hash.slice(1);
const token = fragment || sessionStorage.getItem(KEPT);
const field = document.getElementById("link");

if (fragment) {
  sessionStorage.setItem(KEPT, fragment);
  window.history.replaceState(null, "", window.location.pathname);
} else {
  sessionStorage.removeItem(KEPT);
}
if (token && field && !document.querySelector(".error-summary")) {
  field.value = token;
  field.form.submit();
}
