// @ts-check
/**
 * The built page's side: starts the course's Python in a worker and hands it to every vignette on the page.
 *
 * A classic script, since a browser refuses module files from file://. The constant below is filled in, when the
 * book is built, with the text of vignette.js; `runtime.js` beside this file sets `self.courseRuntime`.
 */
(() => {
  /** @type {string} */
  // @ts-expect-error: there is no such name until book.py puts the text in its place
  const vignetteSource = __VIGNETTE_JS__;
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const folder = script.src.slice(0, script.src.lastIndexOf("/") + 1);
  const version = script.src.includes("?") ? script.src.slice(script.src.indexOf("?")) : "";

  const WORKER = `
const blob = (data, type) => URL.createObjectURL(new Blob([data], { type }));
const ready = (async () => {
  const { loadMicroPython } = await import(blob(runtime.mjs, "text/javascript"));
  const wasm = Uint8Array.from(atob(runtime.wasm), (c) => c.charCodeAt(0));
  const python = await loadMicroPython({ url: blob(wasm, "application/wasm"), heapsize: 2 * 1024 * 1024 });
  for (const [name, text] of Object.entries(runtime.modules)) python.FS.writeFile("/" + name, text);
  python.runPython(runtime.main);
  return python.globals.get("call");
})();
ready.then(() => postMessage({ ready: true }), (error) => postMessage({ broken: String(error) }));
onmessage = async ({ data }) => {
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
      await load(`${folder}runtime.js${version}`);
      // A classic worker: from file:// a module worker does not start, but a classic one may import a Blob.
      const source = [`const runtime = ${JSON.stringify(/** @type {any} */ (self).courseRuntime)};`, WORKER];
      const worker = new Worker(URL.createObjectURL(new Blob(source, { type: "text/javascript" })));
      await new Promise((resolve, reject) => {
        const broken = () => reject(new Error("This page may not start its Python runtime, so answers cannot be checked here."));
        worker.onerror = broken;
        worker.onmessage = ({ data }) => (data.ready ? resolve(undefined) : broken());
      });
      worker.onmessage = ({ data }) => {
        waiting.get(data.n)?.(JSON.parse(data.reply));
        waiting.delete(data.n);
      };
      return worker;
    })();
    return starting;
  };

  /** @param {string} id @returns {HTMLElement} */
  const find = (id) => {
    const element = document.querySelector(`ethics-vignette[data-id="${CSS.escape(id)}"]`);
    if (!element) throw new Error(`This page has no vignette ${id}.`);
    return /** @type {HTMLElement} */ (element);
  };

  /**
   * Grades an answer with widgets/grading.py.
   * @param {string} id @param {any} answer @param {number | null} [certainty]
   */
  const grade = async (id, answer, certainty = null) => {
    const item = find(id).querySelector(".vignette-item")?.textContent;
    if (!item) throw new Error(`The vignette ${id} is never graded.`);
    const worker = await python();
    const n = (asked += 1);
    const reply = await new Promise((resolve) => {
      waiting.set(n, resolve);
      worker.postMessage({ n, text: `[${item}, ${JSON.stringify(answer ?? null)}, ${JSON.stringify(certainty)}]` });
    });
    if (reply.error !== undefined) throw Object.assign(new Error(reply.error), { name: reply.kind });
    return reply.result;
  };

  /** @type {any} */ (self).course = { grade };

  const vignettes = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("ethics-vignette")]);

  /** Without the module nothing answers: say so, and open the reasons that the page has anyway. @param {string} message */
  const giveUp = (message) => {
    for (const element of vignettes) {
      const status = element.querySelector(".vignette-outcome");
      const reasons = element.querySelector("details.vignette-reasons");
      if (status) status.textContent = message;
      if (reasons instanceof HTMLDetailsElement) reasons.open = true;
    }
  };

  const start = async () => {
    if (!vignettes.length) return;
    const url = URL.createObjectURL(new Blob([vignetteSource], { type: "text/javascript" }));
    /** @type {{attach: Function}} */
    let module;
    try {
      module = await import(url);
    } catch {
      giveUp("This page may not run its own script here, so answers cannot be checked. The reasons follow, unscored.");
      return;
    }
    for (const element of vignettes) {
      const id = element.dataset.id ?? "";
      module.attach(element, {
        grade: async (/** @type {any} */ answer) => ({ result: await grade(id, answer) }),
        reveal: async () => undefined,
      });
    }
    const near = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        near.disconnect();
        python().catch(() => {}); // said when an answer is checked
      },
      { rootMargin: "600px" },
    );
    const watch = () => vignettes.forEach((element) => near.observe(element));
    if (document.readyState === "complete") watch();
    else addEventListener("load", watch, { once: true });
  };

  void start();
})();
