// Copies what the pages use of the browser libraries from node_modules to static/vendor.
// Run after `npm ci --ignore-scripts`: `node referral_hub/static/vendor.mjs`. Needs Node >= 18.

import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { fontsOnly, pruneStyles, usedFiles } from "./vendor_styles.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const MODULES = join(HERE, "..", "..", "node_modules");
const VENDOR = join(HERE, "vendor");
const USWDS = join(MODULES, "@uswds", "uswds", "dist");

const FILES = {
  "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
  "leaflet/leaflet.js": "leaflet/dist/leaflet.js",
  "leaflet/leaflet.css": "leaflet/dist/leaflet.css",
  "topojson/topojson-client.min.js": "topojson-client/dist/topojson-client.min.js",
  "us-atlas/counties-10m.json": "us-atlas/counties-10m.json",
};

// The parts of D3 that charts need, each after those that it needs itself; one file for the browser.
const D3 = [
  "array",
  "color",
  "interpolate",
  "format",
  "time",
  "time-format",
  "scale",
  "path",
  "shape",
  "selection",
  "axis",
];

// Add a component here when a page starts to use it; the rest of the 500 kB sheet stays behind.
const COMPONENTS = [
  "usa-alert",
  "usa-button",
  "usa-checkbox",
  "usa-current",
  "usa-error-message",
  "usa-fieldset",
  "usa-form-group",
  "usa-hint",
  "usa-input",
  "usa-label",
  "usa-legend",
  "usa-link",
  "usa-pagination",
  "usa-radio",
  "usa-select",
  "usa-skipnav",
  "usa-sr-only",
  "usa-tag",
  "usa-textarea",
];

const FONTS = [
  "sourcesanspro-regular-webfont",
  "sourcesanspro-italic-webfont",
  "sourcesanspro-bold-webfont",
];

const ICONS = [
  "accessible_forward",
  "arrow_back",
  "attach_money",
  "check_circle",
  "close",
  "directions",
  "directions_bus",
  "filter_list",
  "groups",
  "info",
  "language",
  "launch",
  "location_on",
  "mail",
  "map",
  "my_location",
  "navigate_before",
  "navigate_next",
  "phone",
  "print",
  "schedule",
  "search",
  "verified",
  "warning",
];

async function copyTo(target, source) {
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target);
}

async function writeD3() {
  const parts = await Promise.all(
    D3.map((name) => readFile(join(MODULES, `d3-${name}`, "dist", `d3-${name}.min.js`), "utf8")),
  );
  await mkdir(join(VENDOR, "d3"), { recursive: true });
  await writeFile(join(VENDOR, "d3", "d3.min.js"), parts.join("\n"));
}

async function writeStyles() {
  const whole = await readFile(join(USWDS, "css", "uswds.min.css"), "utf8");
  const styles = fontsOnly(pruneStyles(whole, new Set(COMPONENTS)), FONTS);
  await mkdir(join(VENDOR, "uswds", "css"), { recursive: true });
  await writeFile(join(VENDOR, "uswds", "css", "uswds.css"), styles);
  for (const file of usedFiles(styles)) {
    await copyTo(join(VENDOR, "uswds", file), join(USWDS, file));
  }
}

async function writeIcons() {
  const symbols = await Promise.all(
    ICONS.map(async (name) => {
      const icon = await readFile(join(USWDS, "img", "usa-icons", `${name}.svg`), "utf8");
      const shape = icon.replace(/^[^]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
      return `<symbol id="${name}" viewBox="0 0 24 24">${shape}</symbol>`;
    }),
  );
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`;
  await writeFile(join(VENDOR, "uswds", "icons.svg"), sprite);
}

await rm(VENDOR, { recursive: true, force: true });
for (const [target, source] of Object.entries(FILES)) {
  await copyTo(join(VENDOR, target), join(MODULES, source));
}
await writeD3();
await writeStyles();
await writeIcons();
console.log(`Browser libraries are in ${VENDOR}`);
