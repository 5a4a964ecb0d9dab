// Cuts a style sheet down to the components that the pages use. Works on minified CSS.

/** Splits a sheet into its top-level rules; each is {head, body}, body undefined for `@x y;`. */
function rulesOf(css) {
  const rules = [];
  let depth = 0;
  let start = 0;
  let open = 0;
  for (let at = 0; at < css.length; at += 1) {
    const sign = css[at];
    if (css.startsWith("/*", at)) {
      at = css.indexOf("*/", at + 2) + 1;
      if (depth === 0) start = at + 1;
    } else if (sign === '"' || sign === "'") {
      at = closingQuote(css, at);
    } else if (sign === "{") {
      if (depth === 0) open = at;
      depth += 1;
    } else if (sign === "}") {
      depth -= 1;
      if (depth === 0) {
        rules.push({ head: css.slice(start, open).trim(), body: css.slice(open + 1, at) });
        start = at + 1;
      }
    } else if (sign === ";" && depth === 0) {
      rules.push({ head: css.slice(start, at).trim() });
      start = at + 1;
    }
  }
  return rules;
}

function closingQuote(css, at) {
  let end = at + 1;
  while (css[end] !== css[at]) end += css[end] === "\\" ? 2 : 1;
  return end;
}

function selectorsOf(head) {
  return head.split(/,(?![^(]*\))/);
}

/** The classes of a selector as components: `.usa-alert__body` belongs to `usa-alert`. */
function componentsOf(selector) {
  const classes = selector.match(/\.(?:\\.|[\w-])+/g) ?? [];
  return classes.map((name) => name.slice(1).split(/__|--/)[0]);
}

function isUsed(selector, components) {
  const named = componentsOf(selector.replace(/:not\([^)]*\)/g, ""));
  return named.every((name) => components.has(name));
}

function pruneRule({ head, body }, components) {
  if (body === undefined || /^@(font-face|keyframes)/.test(head)) {
    return body === undefined ? `${head};` : `${head}{${body}}`;
  }
  if (head.startsWith("@")) {
    const inside = pruneStyles(body, components);
    return inside && `${head}{${inside}}`;
  }
  const kept = selectorsOf(head).filter((selector) => isUsed(selector, components));
  return kept.length ? `${kept.join(",")}{${body}}` : "";
}

/** Keeps element rules and the rules of the named components; drops all other classes. */
export function pruneStyles(css, components) {
  return rulesOf(css).map((rule) => pruneRule(rule, components)).join("");
}

/** Keeps only the font faces whose file has one of these names. */
export function fontsOnly(css, names) {
  return css.replace(/@font-face\{[^}]*\}/g, (face) =>
    names.some((name) => face.includes(`/${name}.`)) ? face : "",
  );
}

/** The files that a sheet in `css/` asks for, as paths beside that folder. */
export function usedFiles(css) {
  const urls = [...css.matchAll(/url\((?!data:)["']?\.\.\/([^)"']+)["']?\)/g)];
  return new Set(urls.map(([, path]) => path));
}
