// Chooses a circle on a map and writes it as a line of the area. The line is what counts: without
// this script it is typed.

import { addBaseMap, letPageScroll } from "./base_map.js";
import { loadLibrary } from "./load_library.js";

const METRES_PER_MILE = 1609.344;
const MIDDLE_OF_THE_COUNTRY = [39.8, -98.6];
const ZOOM = { here: 9, country: 4 };
const STYLE = { color: "#005ea2", weight: 1.5, fillOpacity: 0.1, interactive: false };

const part = document.getElementById("area-map");
const frame = document.getElementById("area-frame");
const miles = document.getElementById("area-miles");
const note = document.getElementById("area-note");
const lines = document.getElementById("service_area");

function radius() {
  const typed = Number(miles.value);
  return typed >= Number(miles.min) && typed <= Number(miles.max) ? typed : null;
}

function addLine(centre) {
  const typed = radius();
  if (typed === null) {
    note.textContent = `Type from ${miles.min} to ${miles.max} miles.`;
    miles.focus();
    return;
  }
  const line = `Within ${typed} miles of ${centre.lat.toFixed(4)}, ${centre.lng.toFixed(4)}`;
  const text = lines.value.trimEnd();
  lines.value = text ? `${text}\n${line}` : line;
  note.textContent = `Added: ${line}. Save to keep it.`;
}

async function start() {
  await loadLibrary("leaflet/leaflet.js");
  part.hidden = false;
  const { latitude, longitude } = frame.dataset;
  const map = L.map(frame, { zoomSnap: 0.5, maxZoom: 18, minZoom: 3, worldCopyJump: true });
  map.attributionControl.setPrefix(false);
  map.setView(latitude ? [latitude, longitude] : MIDDLE_OF_THE_COUNTRY, latitude ? ZOOM.here : ZOOM.country);
  addBaseMap(map, frame.dataset);
  letPageScroll(map);
  const circle = L.circle(map.getCenter(), STYLE).addTo(map);
  const draw = () => circle.setLatLng(map.getCenter()).setRadius(METRES_PER_MILE * (radius() ?? 0));
  draw();
  map.on("move", draw);
  map.on("click", ({ latlng }) => map.panTo(latlng));
  miles.addEventListener("input", draw);
  document.getElementById("area-add").addEventListener("click", () => addLine(map.getCenter().wrap()));
}

start();
