// @ts-check
/**
 * The course's Python in the page: MicroPython in a worker, started once, asked through JSON.
 *
 * `runtime.js` beside this file sets `self.courseRuntime`; it is fetched when an answer may be near.
 */
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const folder = script.src.slice(0, script.src.lastIndexOf("/") + 1);
  const version = script.src.includes("?") ? script.src.slice(script.src.indexOf("?")) : "";

  const WORKER = `
const blob = (data, type) => URL.createObjectURL(new Blob([data], { type }));
let begin;
// V8 has fromBase64; elsewhere a loop, since Uint8Array.from with a function takes ten times as long.
const decode = (base64) => {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let n = 0; n < text.length; n += 1) bytes[n] = text.charCodeAt(n);
  return bytes;
};
const ready = new Promise((resolve) => (begin = resolve)).then(async (runtime) => {
  // MicroPython's loader would compile only after it has been read itself; here both go on at once.
  const loader = import(blob(runtime.mjs, "text/javascript"));
  const compiled = WebAssembly.compile(decode(runtime.wasm));
  WebAssembly.instantiateStreaming = async (fetched, imports) => {
    fetched.catch(() => {}); // an empty Blob, and a policy may refuse even that
    const module = await compiled;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  const { loadMicroPython } = await loader;
  const python = await loadMicroPython({ url: blob("", "application/wasm"), heapsize: 8 * 1024 * 1024 });
  // As bytes: the loader's own way with a string is a slow one.
  const utf8 = new TextEncoder();
  for (const [name, text] of Object.entries(runtime.modules)) python.FS.writeFile("/" + name, utf8.encode(text));
  python.runPython(runtime.main);
  return python.globals.get("call");
});
ready.then(() => postMessage({ ready: true }), (error) => postMessage({ broken: String(error) }));
onmessage = async ({ data }) => {
  if (data.runtime) return begin(data.runtime);
  const call = await ready;
  postMessage({ n: data.n, reply: call(data.text) });
};`;

  /** @type {Promise<Worker> | undefined} */
  let starting;
  /** @type {Map<number, (reply: any) => void>} */
  const waiting = new Map();
  let asked = 0;

  /** @param {string} src @returns {Promise<void>} */
  const load = (src) =>
    new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = src;
      element.onload = () => resolve();
      element.onerror = () => reject(new Error("A file of this book is missing (runtime.js), so answers cannot be checked."));
      document.head.append(element);
    });

  /** The Python runtime, started once a page. @returns {Promise<Worker>} */
  const python = () => {
    starting ??= (async () => {
      if (typeof WebAssembly !== "object")
        throw new Error("This browser does not run WebAssembly, so answers cannot be checked here.");
      // A classic worker: from file:// a module worker does not start, but a classic one may import a Blob.
      // It starts while the file is on its way; either takes as long as the other.
      const worker = new Worker(URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" })));
      const ready = new Promise((resolve, reject) => {
        const broken = () => reject(new Error("This page may not start its Python runtime, so answers cannot be checked here."));
        worker.onerror = broken;
        worker.onmessage = ({ data }) => (data.ready ? resolve(undefined) : broken());
      });
      const sent = load(`${folder}runtime.js${version}`).then(() => worker.postMessage({ runtime: /** @type {any} */ (self).courseRuntime }));
      await Promise.all([ready, sent]).catch((error) => {
        worker.terminate();
        throw error;
      });
      worker.onmessage = ({ data }) => {
        waiting.get(data.n)?.(JSON.parse(data.reply));
        waiting.delete(data.n);
      };
      return worker;
    })();
    return starting;
  };

  /**
   * Calls one of main.py's functions. Rejects with the Python error's name and message.
   * @param {string} name @param {string} args the arguments as a JSON list
   * @returns {Promise<any>}
   */
  const call = async (name, args) => {
    const worker = await python();
    const n = (asked += 1);
    const reply = await new Promise((resolve) => {
      waiting.set(n, resolve);
      worker.postMessage({ n, text: `[${JSON.stringify(name)}, ${args}]` });
    });
    if (reply.error !== undefined) throw Object.assign(new Error(reply.error), { name: reply.kind });
    return reply.result;
  };

  /** @type {any} */ (self).coursePython = { start: python, call };
})();
