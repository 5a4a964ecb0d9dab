// Takes the secret of a link from behind the # into the form, and out of the address.

const field = document.getElementById("token");
const secret = location.hash.slice(1);

if (secret) {
  field.value = secret;
  document.getElementById("token-field").hidden = true;
  history.replaceState(null, "", location.pathname);
}
