// @ts-check
/**
 * Sliders over frames that were drawn when the book was built. The first frame stands in the page; the others
 * are one classic script, fetched when the explorer comes near the screen.
 */
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const folder = script.src.slice(0, script.src.lastIndexOf("/") + 1);
  const version = script.src.includes("?") ? script.src.slice(script.src.indexOf("?")) : "";
  const frames = /** @type {any} */ (self).courseFrames ?? (/** @type {any} */ (self).courseFrames = {});

  /** @param {HTMLElement} figure */
  const start = (figure) => {
    const name = /** @type {string} */ (figure.dataset.frames);
    const image = /** @type {HTMLImageElement} */ (figure.querySelector("img"));
    const told = /** @type {HTMLElement} */ (figure.querySelector('[role="status"]'));
    const sliders = /** @type {HTMLInputElement[]} */ ([...figure.querySelectorAll('input[type="range"]')]);
    const shown = (/** @type {HTMLInputElement} */ slider) => JSON.parse(slider.dataset.shown ?? "[]")[Number(slider.value)];
    const draw = () => {
      const set = frames[name];
      if (!set) return;
      // Frames are numbered with the last slider turning fastest.
      const index = sliders.reduce((n, slider) => n * (Number(slider.max) + 1) + Number(slider.value), 0);
      image.src = `data:image/svg+xml,${encodeURIComponent(set.head + set.frames[index])}`;
      image.alt = set.alts[index];
      told.textContent = set.alts[index];
    };
    for (const slider of sliders) {
      const output = /** @type {HTMLElement} */ (slider.closest("p")?.querySelector("output"));
      slider.addEventListener("input", () => {
        output.textContent = shown(slider);
        slider.setAttribute("aria-valuetext", shown(slider));
        draw();
      });
    }
    const element = document.createElement("script");
    element.src = `${folder}figures/${name}.js${version}`;
    element.onload = () => {
      for (const slider of sliders) slider.disabled = false;
    };
    element.onerror = () => (told.textContent = "A file of this book is missing, so this figure stands still.");
    document.head.append(element);
  };

  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        near.unobserve(entry.target);
        start(/** @type {HTMLElement} */ (entry.target));
      }
    },
    { rootMargin: "400px" },
  );
  for (const figure of document.querySelectorAll("[data-frames]")) near.observe(figure);
})();
