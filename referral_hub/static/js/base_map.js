// What every map of this site begins with.

import { drawOutlines } from "./county_outlines.js";

/** Draws tiles where the network has a server of them, else the outlines of this site. */
export function addBaseMap(map, { tiles, attribution }) {
  if (tiles) L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(map);
  else drawOutlines(map);
}

/** The wheel scrolls the page unless somebody works in the map. */
export function letPageScroll(map) {
  map.scrollWheelZoom.disable();
  map.on("focus click", () => map.scrollWheelZoom.enable());
  map.on("blur mouseout", () => map.scrollWheelZoom.disable());
}
