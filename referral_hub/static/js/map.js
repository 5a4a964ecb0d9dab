// The map beside a list: numbered markers, the searched area, and a base map.
// Starts when it first comes into view, so that nobody loads a map that stays hidden.

import { addBaseMap, letPageScroll } from "./base_map.js";
import { loadLibrary } from "./load_library.js";
import { labelOf, placesOf, searchAreaOf } from "./map_points.js";

const WHOLE_COUNTRY = [[24.5, -125], [49.4, -66.9]];
const CLOSEST_ZOOM = { tiles: 13, outlines: 10 };
const AREA_STYLE = { color: "#005ea2", weight: 1.5, dashArray: "4 4", fillOpacity: 0.06, interactive: false };

const frame = document.getElementById("map");
const markersByItem = new Map();

function list() {
  return document.querySelector(frame.dataset.points);
}

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function popupOf(points) {
  const entries = points.map((point) => element(
    "li", {},
    element("a", { href: point.href, textContent: `${point.number}. ${point.name || "This place"}` }),
    element("p", { textContent: point.address.replace(/\n/g, ", ") }),
  ));
  return element("ul", {}, ...entries);
}

function markerOf(place) {
  const { latitude, longitude, points } = place;
  const numbers = points.map((point) => point.number).join(", ");
  const names = points.map((point) => point.name || point.address).join("; ");
  const className = place.approximate ? "marker marker-approximate" : "marker";
  const icon = L.divIcon({ className, html: labelOf(points), iconSize: null, iconAnchor: [16, 16], popupAnchor: [0, -12] });
  const marker = L.marker([latitude, longitude], { icon, alt: `${numbers}: ${names}`, riseOnHover: true });
  marker.bindPopup(popupOf(points));
  marker.on("popupopen", () => takeFocus(marker));
  marker.on("add", () => marker.getElement().setAttribute("aria-label", `${numbers}: ${names}`));
  for (const point of points) markersByItem.set(point.item, marker);
  return marker;
}

/** What to show: the results around the centre, or else the whole searched area. */
function viewOf(places, area) {
  const centre = area && L.latLng(area.latitude, area.longitude);
  const around = centre?.toBounds(2000 * area.radiusKm);
  const points = places.map(({ latitude, longitude }) => L.latLng(latitude, longitude));
  const near = points.filter((point) => !around || around.contains(point));
  if (near.length === 0) return around ?? L.latLngBounds(WHOLE_COUNTRY);
  return L.latLngBounds(centre ? [...near, centre] : near);
}

/** An opened popup takes the focus; Escape closes it and gives the focus back to its marker. */
function takeFocus(marker) {
  const popup = marker.getPopup().getElement();
  popup.querySelector("a")?.focus();
  popup.onkeydown = ({ key }) => {
    if (key !== "Escape") return;
    marker.closePopup();
    marker.getElement().focus();
  };
}

function draw(map, layer) {
  const area = searchAreaOf(list());
  const places = placesOf(list());
  layer.clearLayers();
  markersByItem.clear();
  if (area) {
    L.circle([area.latitude, area.longitude], { ...AREA_STYLE, radius: 1000 * area.radiusKm }).addTo(layer);
  }
  for (const place of places) markerOf(place).addTo(layer);
  map.fitBounds(viewOf(places, area), { padding: [32, 32], maxZoom: CLOSEST_ZOOM[frame.dataset.tiles ? "tiles" : "outlines"], animate: false });
}

/** The marker of the entry under the pointer, or with the focus, is lit. */
function light(item) {
  for (const marker of markersByItem.values()) marker.getElement()?.classList.remove("marker-lit");
  markersByItem.get(item)?.getElement()?.classList.add("marker-lit");
}

function followPointerAndFocus() {
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const item = event.target.closest?.("li[data-latitude]");
      if (item || !frame.contains(event.target)) light(item);
    });
  }
}

/** New results are drawn at once, or when a hidden map is shown again. */
function keepInStep(map, layer) {
  let stale = false;
  const update = () => {
    stale = frame.offsetWidth === 0;
    if (!stale) draw(map, layer);
  };
  document.addEventListener("htmx:after:swap", update);
  new ResizeObserver(() => {
    map.invalidateSize();
    if (stale) update();
  }).observe(frame);
}

async function start() {
  await loadLibrary("leaflet/leaflet.js");
  const map = L.map(frame, { zoomSnap: 0.5, maxZoom: 18, minZoom: 3, worldCopyJump: true });
  map.attributionControl.setPrefix(false);
  const layer = L.layerGroup().addTo(map);
  draw(map, layer);
  addBaseMap(map, frame.dataset);
  L.control.scale({ metric: false }).addTo(map);
  letPageScroll(map);
  followPointerAndFocus();
  keepInStep(map, layer);
}

const watcher = new IntersectionObserver(([entry]) => {
  if (!entry.isIntersecting) return;
  watcher.disconnect();
  start();
});
watcher.observe(frame);
