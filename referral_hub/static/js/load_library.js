// Loads a browser library from this site once, when it is first needed.

const loading = new Map();

/** Resolves when the script under static/vendor has run. */
export function loadLibrary(path) {
  if (!loading.has(path)) {
    loading.set(
      path,
      new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = new URL(`../vendor/${path}`, import.meta.url).href;
        script.onload = resolve;
        script.onerror = () => reject(new Error(`${path} could not be loaded`));
        document.head.append(script);
      }),
    );
  }
  return loading.get(path);
}
