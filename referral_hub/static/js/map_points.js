// What there is to draw: read from the list itself, so that map and list never differ.

function pointOf(item) {
  const name = item.querySelector("[data-point-name]");
  return {
    item,
    number: item.value,
    name: name?.textContent ?? "",
    href: name?.href ?? `#${item.id}`,
    address: item.querySelector("[data-point-address]")?.innerText ?? "",
    approximate: "approximate" in item.dataset,
    latitude: Number(item.dataset.latitude),
    longitude: Number(item.dataset.longitude),
  };
}

/** The points of a list, those of one place together: [{latitude, longitude, points}]. */
export function placesOf(list) {
  const places = new Map();
  for (const item of list.querySelectorAll("li[data-latitude]")) {
    const point = pointOf(item);
    const key = `${point.latitude},${point.longitude}`;
    const place = places.get(key) ?? { ...point, points: [] };
    place.points.push(point);
    places.set(key, place);
  }
  return [...places.values()];
}

/** Where the search was centred and how far it went; null where that is everywhere: {latitude, longitude, radiusKm}. */
export function searchAreaOf(list) {
  const { latitude, longitude, radiusKm } = list.dataset;
  if (!latitude || !radiusKm) return null;
  return { latitude: Number(latitude), longitude: Number(longitude), radiusKm: Number(radiusKm) };
}

/** The numbers of a place as its marker shows them: "3", "3, 5" or "3 +4". */
export function labelOf(points) {
  const numbers = points.map((point) => point.number);
  return numbers.length < 3 ? numbers.join(", ") : `${numbers[0]} +${numbers.length - 1}`;
}
