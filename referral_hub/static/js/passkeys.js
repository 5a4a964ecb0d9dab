// Lets the browser make a passkey, or sign with one, before a form with its answer is sent.

const DOES_NOT_WORK = "Passkeys do not work in this browser. Use another way.";
const NOT_DONE = "Nothing was changed: the passkey was not used, or there is none for this site. Try again, or use another way.";

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function known(credentials = []) {
  return credentials.map((credential) => ({ ...credential, id: bytes(credential.id) }));
}

async function make(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: known(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return answer(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

async function sign(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: known(options.allowCredentials),
  };
  const signed = await navigator.credentials.get({ publicKey });
  return answer(signed, {
    authenticatorData: text(signed.response.authenticatorData),
    signature: text(signed.response.signature),
    userHandle: signed.response.userHandle ? text(signed.response.userHandle) : null,
  });
}

function answer(credential, response) {
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
  });
}

async function options(form) {
  const got = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
  if (got.redirected || !got.ok) throw new Error(`${got.status}`);
  return got.json();
}

async function send(form) {
  const note = form.querySelector(".passkey-note");
  const button = form.querySelector("button");
  note.textContent = "";
  button.disabled = true;
  try {
    const ask = form.dataset.passkey === "make" ? make : sign;
    form.elements.answer.value = await ask(await options(form));
    form.submit();
  } catch {
    note.textContent = window.PublicKeyCredential ? NOT_DONE : DOES_NOT_WORK;
    button.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-passkey]")) return;
  event.preventDefault();
  send(event.target);
});
