// @ts-check
/**
 * What a class sees. The kernel says what stands on the wall; this draws it as large as it fits, keeps the keys of a
 * presenter's remote from the notebook, and counts seconds. It imports nothing, since a notebook loads it alone.
 *
 * @typedef {{get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   send: (content: object) => void, on: (event: string, call: () => void) => void, off: (event: string, call: () => void) => void}} Model
 * @typedef {{id: string, label: string}} Step
 * @typedef {{kind: string, title: string, words: string, step: string, at: number[], where: string, notice: string, first: boolean,
 *   last: boolean, steps: Step[], lobby: {url?: string, code?: string, qr?: string}, figure?: string, caption?: string,
 *   says?: string, crisis?: boolean, html?: string, reasons?: string,
 *   drawing?: {src?: string, alt?: string, words?: string}}} Shown
 */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LARGEST = 2.4; // times the notebook's own size
const SMALLEST = 1.3; // 21 pixels; below that the last row cannot read, so the page scrolls instead
const FINER = 0.05;
const BEAT = 1000; // milliseconds between two looks at how many have voted
const SILENCE = 6000; // milliseconds until it is said that the kernel says nothing
const SILENT = "The notebook’s kernel is busy, or has ended. Wait a moment. If this stays, run this cell again.";
const MODIFIERS = ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock", "Fn"];

/** @template {keyof HTMLElementTagNameMap} T @param {Document} page @param {T} name @param {string} className @param {string} [text] */
function make(page, name, className, text = "") {
  const element = page.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

/** @param {ParentNode} root @param {string} selector @returns {HTMLElement[]} */
const all = (root, selector) => [...root.querySelectorAll(/** @type {any} */ (selector))];

/** @param {number} seconds */
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** Takes out what only a reader alone needs, and gives each answer a letter. @param {HTMLElement} root */
function forTheWall(root) {
  const page = root.ownerDocument;
  for (const gone of all(root, ".vignette-actions, .vignette-outcome, .vignette-moves, textarea, .vignette-unit input")) gone.remove();
  for (const group of all(root, "fieldset[data-step], form")) {
    if (group.matches("form") && group.querySelector("[data-step]")) continue;
    all(group, ".vignette-option, .vignette-span, .vignette-rate, .vignette-places li, .vignette-sorting p").forEach((option, index) => {
      const words = option.querySelector("legend") ?? option.querySelector("label") ?? option;
      words.prepend(make(page, "span", "present-letter", LETTERS[index]));
    });
  }
  const levels = all(root, ".vignette-levels");
  if (levels.length) {
    const names = all(levels[0], "label").map((label, index) => `${index + 1} ${label.textContent?.trim().toLowerCase()}`);
    const line = make(page, "p", "present-levels", names.join(" · "));
    root.querySelector(".vignette-rates > legend")?.after(line);
    for (const row of levels) row.remove();
  }
  const select = root.querySelector(".vignette-sorting select");
  if (select) {
    const names = all(select, "option").slice(1).map((option) => option.textContent);
    root.querySelector(".vignette-sorting > legend")?.after(make(page, "div", "present-groups", names.join(" · ")));
  }
  const pathInputs = all(root, "[data-step] input");
  for (const control of all(root, "input, select")) if (!pathInputs.includes(control)) control.remove();
}

/** A path is walked by the whole room, too: each answer leads on. @param {HTMLElement} root @param {() => void} changed */
function walk(root, changed) {
  const steps = all(root, "[data-step]");
  if (!steps.length) return;
  const page = root.ownerDocument;
  const visited = [/** @type {string} */ (steps[0].dataset.step)];
  const back = make(page, "button", "present-back", "Back one decision");
  const end = make(page, "p", "present-aside", "The story ends here. How it ended comes with the reasons.");
  back.type = "button";
  const show = () => {
    const here = visited[visited.length - 1];
    for (const step of steps) step.hidden = step.dataset.step !== here;
    back.hidden = visited.length < 2;
    end.hidden = steps.some((step) => !step.hidden);
    const route = root.querySelector(".vignette-route");
    if (route) route.textContent = end.hidden ? `Decision ${visited.length}` : "";
    changed();
  };
  for (const option of all(root, "[data-step] .vignette-option")) {
    const input = /** @type {HTMLInputElement} */ (option.querySelector("input"));
    const button = make(page, "button", option.className);
    button.type = "button";
    const next = input.dataset.next ?? "";
    input.remove();
    button.append(...option.childNodes);
    button.addEventListener("click", () => {
      visited.push(next);
      show();
      (all(root, "[data-step]:not([hidden]) legend")[0] ?? back).focus();
    });
    option.replaceWith(button);
  }
  back.addEventListener("click", () => {
    visited.pop();
    show();
  });
  root.querySelector("form")?.append(end, back);
  show();
}

/**
 * One view of the presentation, in a notebook's output or in a window of its own.
 * @param {Model} model @param {HTMLElement} el @param {Window & typeof globalThis} where @returns {() => void}
 */
function view(model, el, where) {
  const page = where.document;
  const stage = make(page, "section", "present");
  stage.tabIndex = 0;
  stage.setAttribute("aria-label", "Presentation. Page Down goes on, Page Up back, a full stop blanks, F is full screen.");
  const top = make(page, "div", "present-top");
  const says = make(page, "div", "present-says");
  const count = make(page, "span", "present-count");
  const timer = make(page, "span", "present-timer");
  timer.setAttribute("role", "timer");
  top.append(says, count, timer);
  const body = make(page, "div", "present-body");
  body.tabIndex = 0; // it may have to scroll
  body.setAttribute("role", "group");
  body.setAttribute("aria-label", "What is shown");
  const notice = make(page, "p", "present-notice");
  notice.setAttribute("role", "alert");
  const status = make(page, "p", "present-status");
  status.setAttribute("role", "status");
  const foot = make(page, "div", "present-foot");
  const black = make(page, "button", "present-black");
  black.append(make(page, "span", "", "Blank. Press any key to show the page again."));
  stage.append(top, body, notice, foot, status, black);
  el.append(stage);

  /** @returns {Shown} */
  const shown = () => model.get("_shown");
  let ends = 0; // when the timer is out, by this browser's own clock
  let asked = 0; // since when the kernel owes an answer

  /** @param {string} text */
  const warn = (text) => {
    if (notice.textContent !== text) notice.textContent = text; // a reader of screens says it once
    notice.hidden = !text;
  };

  /** @param {string} text @param {() => void} act @param {string} [title] */
  const button = (text, act, title) => {
    const made = make(page, "button", "", text);
    made.type = "button";
    if (title) made.title = title;
    made.addEventListener("click", act);
    return made;
  };

  /** From where it was pressed: the kernel may be busy, and must not take a second press for the step after. @param {object} message */
  const move = (message) => model.send({ ...message, at: shown().at });
  const next = () => {
    const note = /** @type {HTMLDetailsElement | null} */ (body.querySelector(".vignette-note"));
    if (note && !note.open) {
      note.open = true; // a folded scene opens before it is left: whoever wants to leave has been told
      fit();
    } else move({ do: "next" });
  };
  const back = () => move({ do: "back" });
  /** @param {boolean} black */
  const cover = (black) => {
    model.set("_blank", black); // here at once, and in every other view of it
    model.save_changes();
  };
  const whole = () => {
    if (page.fullscreenElement) void page.exitFullscreen();
    else if (stage.requestFullscreen) stage.requestFullscreen().catch(() => stage.classList.toggle("present-whole"));
    else stage.classList.toggle("present-whole");
    stage.focus();
  };
  /** Down a page if there is more of it, and only then on: a remote has no other keys. @param {number} way @param {boolean} held */
  const turn = (way, held) => {
    const room = way > 0 ? body.scrollHeight - body.clientHeight - body.scrollTop : body.scrollTop;
    if (room > 2) body.scrollBy({ top: way * (body.clientHeight - 60) });
    else if (!held) way > 0 ? next() : back();
  };

  /** @type {Record<string, (held: boolean) => void>} */
  const SCROLLING = {
    PageDown: (held) => turn(1, held),
    PageUp: (held) => turn(-1, held),
    ArrowDown: () => body.scrollBy({ top: 80 }),
    ArrowUp: () => body.scrollBy({ top: -80 }),
  };
  /** Once a press, however long the key is held. @type {Record<string, (held: boolean) => void>} */
  const KEYS = {
    ArrowRight: next,
    ArrowLeft: back,
    ".": () => cover(true),
    b: () => cover(true), // what some remotes send for it
    f: whole,
    Escape: () => stage.classList.remove("present-whole"),
    F5: whole, // "start the show" on a remote; a notebook would be loaded anew
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const inside = event.target instanceof where.Node && stage.contains(event.target);
    if (!inside && page.fullscreenElement !== stage && where === window) return;
    const bare = !(event.ctrlKey || event.metaKey || event.altKey);
    // What is not taken here must not reach the notebook either: it has a command on nearly every letter.
    stage.toggleAttribute("data-lm-suppress-shortcuts", bare);
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key; // Caps Lock may be on
    const dark = model.get("_blank");
    const held = event.repeat && key === "Enter"; // on a button it would press it again and again
    if (!bare || MODIFIERS.includes(key) || !(dark || held || key in KEYS || key in SCROLLING)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!dark) (SCROLLING[key] ?? (event.repeat ? undefined : KEYS[key]))?.(event.repeat);
    else if (!event.repeat) cover(false);
  };
  where.addEventListener("keydown", press, true);
  black.addEventListener("click", () => cover(false));

  /** The largest letters at which all of it can be seen; one column, or two where that allows larger ones. */
  const fit = () => {
    const sheet = /** @type {HTMLElement | null} */ (body.firstElementChild);
    if (!sheet || !body.clientHeight) return;
    const columns = sheet.classList.contains("present-both") ? [false, true] : [false];
    for (let size = LARGEST; ; size -= FINER)
      for (const two of columns) {
        sheet.classList.toggle("present-two", two);
        sheet.style.zoom = String(size);
        if (body.scrollHeight <= body.clientHeight || (size <= SMALLEST && two === columns[columns.length - 1])) return;
      }
  };

  const draw = () => {
    const now = shown();
    const held = foot.contains(page.activeElement) || !stage.contains(page.activeElement);
    body.dataset.kind = now.kind;
    const sheet = make(page, "div", "present-page");
    if (now.kind === "words") sheet.append(make(page, "h2", "", now.title), make(page, "p", "present-words", now.words));
    if (now.kind === "lobby") sheet.append(make(page, "h2", "", now.title), door(page, now));
    if (now.kind === "figure") {
      sheet.classList.add("present-figure");
      sheet.insertAdjacentHTML("beforeend", `${now.figure}<p>${now.caption}</p>`);
    }
    if (now.kind === "item") item(now, sheet);
    body.replaceChildren(sheet);
    body.scrollTop = 0;
    if (!held) stage.focus();
    for (const image of all(sheet, "img")) image.addEventListener("load", fit);
    const label = now.steps.find((step) => step.id === now.step)?.label ?? "";
    says.replaceChildren(make(page, where === window ? "h2" : "h1", "", label || now.title), now.says ?? "");
    says.hidden = !says.textContent;
    status.textContent = [label || now.title, now.says].filter(Boolean).join(": ");
    feet(now);
    tell();
    fit();
  };

  /** @param {Shown} now @param {HTMLElement} sheet */
  const item = (now, sheet) => {
    const { drawing = {}, html = "", reasons = "", step } = now;
    if (step === "reasons") {
      sheet.classList.add("present-reasons");
      const heading = make(page, "div", "present-drawing");
      if (drawing.src) heading.append(Object.assign(make(page, "img", ""), { src: drawing.src, alt: drawing.alt }));
      else if (drawing.words) heading.append(make(page, "p", "present-aside", drawing.words));
      const vignette = make(page, "div", "");
      vignette.innerHTML = `<ethics-vignette>${reasons}</ethics-vignette>`;
      for (const yours of all(vignette, ".vignette-yours, .vignette-ticks input")) yours.remove();
      const details = /** @type {HTMLDetailsElement} */ (vignette.querySelector("details"));
      details.open = true;
      sheet.append(heading, vignette);
      return;
    }
    sheet.innerHTML = html;
    const root = /** @type {HTMLElement} */ (sheet.firstElementChild);
    root.removeAttribute("id"); // the notebook may show the same vignette
    forTheWall(root);
    walk(root, () => fit());
    sheet.classList.add(step === "scene" ? "present-scene-only" : "present-both");
    const note = /** @type {HTMLDetailsElement | null} */ (root.querySelector(".vignette-note"));
    if (note && step === "scene") note.addEventListener("toggle", fit);
    else if (note) {
      note.querySelector("summary")?.remove(); // read out before the scene was opened
      note.replaceWith(...note.childNodes);
    }
  };

  /** @param {Shown} now */
  const feet = (now) => {
    const focused = foot.contains(page.activeElement) ? page.activeElement?.textContent : null;
    const where_ = make(page, "span", "present-where", now.where);
    const { code, url } = now.lobby;
    if (code && now.kind !== "lobby") where_.append(make(page, "span", "present-join", `${now.where ? " · " : ""}${url} · code ${code}`));
    const backward = button("‹ Back", back, "Page Up or left arrow");
    backward.disabled = now.first;
    const forward = button("Next ›", next, "Page Down or right arrow");
    forward.disabled = now.last;
    const steps = now.steps.map(({ id, label }) => {
      const made = button(label, () => move({ do: "step", step: id }));
      if (id === now.step) made.setAttribute("aria-current", "step");
      return made;
    });
    const tools = [button("Blank", () => cover(true), "full stop"), button("Full screen", whole, "F")];
    if (where === window) {
      tools.push(button("Own window", apart, "To drag to the projector; the notebook stays with you"));
      tools[2].classList.add("present-apart");
    }
    foot.replaceChildren(where_, backward, ...steps, forward, ...tools);
    if (focused) /** @type {HTMLElement | undefined} */ (all(foot, "button").find((b) => b.textContent === focused))?.focus();
  };

  const tell = () => {
    const now = model.get("_count");
    asked = 0;
    const voting = now.votes !== null && now.votes !== undefined;
    const phones = now.phones ? `${now.phones} phone${now.phones === 1 ? "" : "s"}` : "";
    count.textContent = voting && now.phones ? `${now.votes} of ${phones} voted` : shown().kind === "lobby" ? phones : "";
    warn(now.notice || shown().notice);
    timer.hidden = now.seconds === null || now.seconds === undefined;
    ends = performance.now() + 1000 * (now.seconds ?? 0);
    tick();
  };
  const tick = () => {
    const left = Math.max(0, Math.round((ends - performance.now()) / 1000));
    timer.textContent = left ? clock(left) : "Time";
  };
  const blank = () => {
    const here = page.activeElement === page.body || page.activeElement === black;
    black.hidden = !model.get("_blank");
    for (const behind of [top, body, foot]) behind.inert = !black.hidden;
    if (!black.hidden) black.focus();
    else if (here) stage.focus();
  };

  const apart = () => {
    if (own && !own.window.closed) {
      own.window.focus();
      return;
    }
    own?.end();
    // Without a name, which would be the window of another presentation as well.
    const other = /** @type {(Window & typeof globalThis) | null} */ (where.open("", "", "popup,width=1024,height=768"));
    if (!other) {
      warn("The browser did not let a window open. Allow it for this page, or use full screen.");
      return;
    }
    other.document.documentElement.lang = "en";
    other.document.head.replaceChildren(
      make(other.document, "title", "", "Where the Line Is"),
      make(other.document, "style", "", model.get("_css")),
    );
    const main = make(other.document, "main", "");
    other.document.body.className = "present-window";
    other.document.body.replaceChildren(main);
    own = { window: other, end: view(model, main, other) };
    other.focus();
  };
  /** @type {{window: Window, end: () => void} | undefined} */
  let own; // the window of this view
  const leave = () => {
    own?.end();
    own?.window.close();
  };
  if (where === window) addEventListener("pagehide", leave); // without its notebook it would stand still

  const sized = new where.ResizeObserver(fit);
  sized.observe(body);
  model.on("change:_shown", draw);
  model.on("change:_count", tell);
  model.on("change:_blank", blank);
  const ticking = where.setInterval(tick, 250);
  const beating = where.setInterval(() => {
    if (page.hidden) return;
    asked ||= performance.now();
    model.send({ do: "count" });
    if (performance.now() - asked > SILENCE) warn(SILENT);
  }, BEAT);
  draw();
  blank();
  return () => {
    leave();
    removeEventListener("pagehide", leave);
    sized.disconnect();
    where.clearInterval(ticking);
    where.clearInterval(beating);
    where.removeEventListener("keydown", press, true);
    model.off("change:_shown", draw);
    model.off("change:_count", tell);
    model.off("change:_blank", blank);
  };
}

/** How to join: the code to read out, the address to type, the picture to point at; or what is done without phones. @param {Document} page @param {Shown} now */
function door(page, { words: instead, lobby: { url, code = "", qr } }) {
  if (!url) return make(page, "p", "present-words", instead);
  const box = make(page, "div", "present-door");
  if (qr) box.append(Object.assign(make(page, "img", ""), { src: qr, alt: `QR code for ${url}/${code}` }));
  const words = make(page, "div", "");
  words.append(
    make(page, "p", "present-address", url),
    make(page, "p", "present-code", code),
    make(page, "p", "", "Any phone with a browser. No account, no name."),
  );
  box.append(words);
  return box;
}

/** @param {{model: Model, el: HTMLElement}} context */
const render = ({ model, el }) => view(model, el, window);

export default { render };
