// Takes the secret of a link from behind the # into the form, out of the address and the history,
// and opens the page. Opening changes nothing; only the buttons on that page do.
const field = document.getElementById("token");
const secret = location.hash.slice(1);

if (secret) {
  history.replaceState(null, "", location.pathname);
  field.value = `#${secret}`;
  field.form.submit();
}
