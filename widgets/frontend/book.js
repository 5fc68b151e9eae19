// @ts-check
/** What every page has: the theme, the code one practises under, and contents that fold on a small screen. */
(() => {
  const NAME = "where-the-line-is:";
  const THEMES = ["auto", "light", "dark"];
  const root = document.documentElement;

  /** @param {string} key */
  const kept = (key) => {
    try {
      return localStorage.getItem(NAME + key);
    } catch {
      return null; // a private window or blocked storage: the choice holds for this page only
    }
  };
  /** @param {string} key @param {string} value */
  const keep = (key, value) => {
    try {
      localStorage.setItem(NAME + key, value);
    } catch {
      // as above
    }
  };

  const contents = /** @type {HTMLDetailsElement | null} */ (document.querySelector(".contents > details"));
  if (contents) {
    if (matchMedia("(max-width: 59.99rem)").matches) contents.open = false;
    contents.dataset.folded = ""; // until then the style sheet folds it, so that the text does not jump
  }

  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector('[data-do="theme"]'));
  if (button) {
    const name = /** @type {HTMLElement} */ (button.querySelector("span"));
    const show = () => (name.textContent = root.dataset.theme ?? "auto");
    show();
    button.addEventListener("click", () => {
      root.dataset.theme = THEMES[(THEMES.indexOf(root.dataset.theme ?? "auto") + 1) % THEMES.length];
      keep("theme", root.dataset.theme);
      show();
    });
  }

  // A table that is wider than the screen scrolls by itself, so the keyboard must reach it; the others are no stop.
  const main = document.querySelector("main");
  const reach = () => {
    for (const table of document.querySelectorAll("main table"))
      if (table.scrollWidth > table.clientWidth) table.setAttribute("tabindex", "0");
      else table.removeAttribute("tabindex");
  };
  if (main) new ResizeObserver(reach).observe(main);

  // The chosen body's standards come first, in the reasons and in the tables; the others stay below them.
  const body = /** @type {HTMLSelectElement | null} */ (document.querySelector('[data-do="body"]'));
  if (!body) return;
  const lists = [...document.querySelectorAll(".vignette-standards")].map((list) => [...list.children]);
  const tables = [...document.querySelectorAll("main tbody")].map((table) => {
    /** @type {Element[][]} */
    const groups = []; // a row that begins with "The same" belongs to the one above it
    for (const row of table.children) {
      const first = (row.children[0]?.textContent ?? "").trim();
      if (groups.length && /^the same/i.test(first)) groups[groups.length - 1].push(row);
      else groups.push([row]);
    }
    return groups;
  });
  const order = () => {
    const chosen = body.selectedOptions[0];
    const ids = body.value.split(" ");
    const names = (chosen?.dataset.rows ?? "").split("|").filter(Boolean);
    /** @param {Element[][]} groups @param {(group: Element[]) => boolean} first */
    const sort = (groups, first) => {
      const parent = groups[0]?.[0]?.parentElement;
      for (const group of [...groups.filter(first), ...groups.filter((g) => !first(g))]) {
        for (const element of group) {
          element.toggleAttribute("data-first", body.value !== "" && first(group));
          parent?.append(element);
        }
      }
    };
    for (const list of lists) sort(list.map((e) => [e]), ([e]) => ids.includes(/** @type {HTMLElement} */ (e).dataset.body ?? "-"));
    for (const groups of tables) {
      const begins = (/** @type {Element[]} */ [row]) => names.some((n) => (row.textContent ?? "").trim().startsWith(n));
      sort(groups, begins);
    }
  };
  const option = [...body.options].find((o) => o.value === (kept("body") ?? ""));
  if (option) body.value = option.value;
  if (body.value) order();
  body.addEventListener("change", () => {
    keep("body", body.value);
    order();
  });
})();
