// Opening a referral that nobody has seen confirms that it arrived, and its news are read then:
// deliberate acts, by POST. Without scripts the buttons stay.
async function send(end) {
  const form = document.querySelector(`main form[action$="/${end}"]`);
  if (!form || document.visibilityState !== "visible") return false;
  const sent = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "follow" });
  if (sent.ok) form.hidden = true;
  return sent.ok;
}

await send("read");
if (await send("acknowledge")) location.reload();
