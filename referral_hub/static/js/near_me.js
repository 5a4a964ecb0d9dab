// Searches around the place where the person is, known to about a kilometre and no better.

const DECIMALS = 2;

function field(id) {
  return document.getElementById(id);
}

function say(text) {
  field("near-me-note").textContent = text;
}

function setPoint(latitude, longitude) {
  for (const [id, value] of [["lat", latitude], ["lon", longitude]]) {
    field(id).disabled = value === null;
    field(id).value = value === null ? "" : value.toFixed(DECIMALS);
  }
}

function searchHere({ coords }) {
  say("");
  field("near").value = "";
  setPoint(coords.latitude, coords.longitude);
  field("find").requestSubmit();
}

function explain(error) {
  say(
    error.code === error.PERMISSION_DENIED
      ? "Your browser does not share your location. Type a ZIP code or city instead."
      : "Your location could not be found. Type a ZIP code or city instead.",
  );
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("#near-me")) return;
  say("Finding where you are…");
  navigator.geolocation.getCurrentPosition(searchHere, explain, { timeout: 15000, maximumAge: 300000 });
});

// A typed place takes the place of the point.
document.addEventListener("input", (event) => {
  if (event.target.id === "near") setPoint(null, null);
});
