// Draws land, county and state lines from a file of this site: a map that asks nobody for tiles.

import { loadLibrary } from "./load_library.js";

const ATLAS = new URL("../vendor/us-atlas/counties-10m.json", import.meta.url);
const COUNTIES_FROM_ZOOM = 6;
const NAMES_FROM_ZOOM = 8;
const COUNTY_STYLE = { color: "#b9bfa9", weight: 1, fillColor: "#f6f4ea", fillOpacity: 1 };
const STATE_STYLE = { color: "#8a9182", weight: 1.2, fill: false };
const LAND_STYLE = { ...COUNTY_STYLE, stroke: false };

async function readAtlas() {
  const [response] = await Promise.all([fetch(ATLAS), loadLibrary("topojson/topojson-client.min.js")]);
  const atlas = await response.json();
  const { counties, states } = atlas.objects;
  return {
    counties: topojson.feature(atlas, counties).features.map(withBounds),
    states: topojson.feature(atlas, states),
    stateLines: topojson.mesh(atlas, states),
  };
}

function withBounds(feature) {
  const bounds = L.latLngBounds([]);
  for (const [longitude, latitude] of ringsOf(feature).flat()) bounds.extend([latitude, longitude]);
  return { feature, bounds };
}

function ringsOf({ geometry }) {
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
}

/** The middle of what can be seen of a county, so that its name stays in view. */
function middleOf({ bounds }, view) {
  return {
    latitude: (Math.max(bounds.getSouth(), view.getSouth()) + Math.min(bounds.getNorth(), view.getNorth())) / 2,
    longitude: (Math.max(bounds.getWest(), view.getWest()) + Math.min(bounds.getEast(), view.getEast())) / 2,
  };
}

/** Whether a point is in a county: a line from it to the east crosses the outline an odd number of times. */
function holds({ feature }, { latitude, longitude }) {
  let inside = false;
  for (const ring of ringsOf(feature)) {
    for (let at = 1; at < ring.length; at += 1) {
      const [[x1, y1], [x2, y2]] = [ring[at - 1], ring[at]];
      const crosses = y1 > latitude !== y2 > latitude;
      if (crosses && longitude < ((x2 - x1) * (latitude - y1)) / (y2 - y1) + x1) inside = !inside;
    }
  }
  return inside;
}

function nameAt({ feature }, { latitude, longitude }) {
  const name = document.createElement("span");
  name.textContent = feature.properties.name;
  const icon = L.divIcon({ className: "county-name", html: name, iconSize: null });
  return L.marker([latitude, longitude], { icon, interactive: false, keyboard: false, zIndexOffset: -1000 });
}

function isAsWideAsItsName({ bounds }, view, map) {
  const west = map.latLngToContainerPoint([0, Math.max(bounds.getWest(), view.getWest())]).x;
  const east = map.latLngToContainerPoint([0, Math.min(bounds.getEast(), view.getEast())]).x;
  return east - west > 90;
}

/** Adds the outlines to a Leaflet map and keeps to what is in view as the map moves. */
export async function drawOutlines(map) {
  map.createPane("outlines").style.zIndex = 200;
  const renderer = L.canvas({ pane: "outlines", padding: 0.5 });
  const shared = { renderer, pane: "outlines", interactive: false };
  const { counties, states, stateLines } = await readAtlas();
  const land = L.geoJSON(null, { ...shared, style: LAND_STYLE });
  const countyLayer = L.geoJSON(null, { ...shared, style: COUNTY_STYLE }).addTo(map);
  L.geoJSON(stateLines, { ...shared, style: STATE_STYLE }).addTo(map);
  const names = L.layerGroup().addTo(map);
  land.addData(states);

  function drawNames(shown, view) {
    names.clearLayers();
    if (map.getZoom() < NAMES_FROM_ZOOM) return;
    for (const county of shown) {
      const middle = middleOf(county, view);
      if (holds(county, middle) && isAsWideAsItsName(county, view, map)) nameAt(county, middle).addTo(names);
    }
  }

  function redraw() {
    const view = map.getBounds();
    const near = view.pad(0.5);
    const shown = map.getZoom() < COUNTIES_FROM_ZOOM ? [] : counties.filter(({ bounds }) => bounds.intersects(near));
    countyLayer.clearLayers().addData(shown.map(({ feature }) => feature)).bringToBack();
    if (shown.length) land.remove();
    else land.addTo(map).bringToBack();
    drawNames(shown.filter(({ bounds }) => bounds.intersects(view)), view);
  }

  map.on("moveend", redraw);
  map.attributionControl.addAttribution("Outlines: U.S. Census Bureau");
  redraw();
}
