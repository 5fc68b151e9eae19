// @ts-check
/** What every page has: the theme button, and contents that fold on a small screen. */
(() => {
  const KEY = "where-the-line-is:theme";
  const THEMES = ["auto", "light", "dark"];
  const root = document.documentElement;
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector('[data-do="theme"]'));
  const contents = /** @type {HTMLDetailsElement | null} */ (document.querySelector(".contents > details"));
  if (contents && matchMedia("(max-width: 60rem)").matches) contents.open = false;
  if (!button) return;
  const name = /** @type {HTMLElement} */ (button.querySelector("span"));
  const show = () => (name.textContent = root.dataset.theme ?? "auto");
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? "auto") + 1) % THEMES.length];
    root.dataset.theme = next;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // A private window or blocked storage: the theme holds for this page only.
    }
    show();
  });
})();
