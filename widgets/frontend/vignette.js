// @ts-check
/**
 * One vignette, in the built page, in a live notebook and on a phone in class. It reads the answer off the form, has
 * it graded by whoever hosts it, and shows what comes back. It knows no key: the page's Python, the notebook's kernel
 * or the class's room does. A room keeps an answer without a word on it until its instructor shows the reasons.
 *
 * It imports nothing, so that the page can load it from a Blob and a notebook through anywidget.
 *
 * @typedef {{id: string, given: any, key: any, marks: number, out_of: number}} Part
 * @typedef {{format: string, marks: number, out_of: number, share: number | null, verdict: string,
 *   parts: Part[], ending?: string | null, lean?: number,
 *   certainty?: {level: number, marks: number}}} Result
 * @typedef {{result: Result, reasons?: string, sent?: undefined}} Graded
 * @typedef {{sent: string}} Sent
 * @typedef {{
 *   grade: (answer: any, certainty: number | null) => Promise<Graded | Sent>,
 *   reveal: () => Promise<string | undefined>,
 *   record?: (event: {kind: "attempt", answer: any, result: Result} | {kind: "reveal"} | {kind: "say", text: string}) => void,
 *   unsent?: string,
 * }} Host `unsent` is said with a move, where an answer counts only once it is sent
 */

const LEVELS = ["very inappropriate", "inappropriate", "appropriate", "very appropriate"];

/** An answer that the reader must complete or change first; `field` says where. */
class Incomplete extends Error {
  /** @param {string} message @param {string} field */
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

/** @param {ParentNode} root @param {string} selector @returns {HTMLElement[]} */
const all = (root, selector) => [...root.querySelectorAll(/** @type {any} */ (selector))];

/** @param {ParentNode} root @param {string} selector @returns {HTMLElement | null} */
const one = (root, selector) => root.querySelector(selector);

/** @param {number} n @param {string} unit */
const count = (n, unit) => `${n} ${unit}${n === 1 ? "" : "s"}`;

/** @param {Element | null | undefined} element */
const words = (element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

/** The words that stand beside a value in the form. @param {HTMLElement} root @param {string} field @param {any} value */
function label(root, field, value) {
  const choices = all(root, `form input[name="${CSS.escape(field)}"], form [name="${CSS.escape(field)}"] option`);
  const choice = /** @type {HTMLInputElement[]} */ (choices).find((c) => c.value === String(value));
  return choice ? words(choice.closest("select") ? choice : choice.closest("label")) : String(value);
}

// Reading an answer off the form: one function a format. Each throws Incomplete for what the reader left out.

/** @type {Record<string, (root: HTMLElement, form: HTMLFormElement, taken: string[]) => any>} */
const READ = {
  best: (_root, form) => chosen(form, "Choose one of these first."),
  path: (_root, form, taken) => [...taken, chosen(form, "Choose one of these first.")],
  pick(root, form) {
    const picked = new FormData(form).getAll("answer");
    const wanted = Number(one(root, "[data-choose]")?.dataset.choose ?? 0);
    if (wanted && picked.length !== wanted)
      throw new Incomplete(`Choose ${wanted}; you have chosen ${picked.length}.`, "answer");
    return picked;
  },
  mark: (_root, form) => new FormData(form).getAll("answer"),
  rate: (root, form) => fields(root, form, "Rate this one too.", Number),
  sort: (root, form) => fields(root, form, "Choose a group for this one.", String),
  rank(root, form) {
    const ranks = fields(root, form, "Give this one a place.", Number);
    for (const [field, rank] of Object.entries(ranks))
      if (Object.values(ranks).filter((other) => other === rank).length > 1)
        throw new Incomplete(`Two options share place ${rank}. Give each its own.`, field);
    return ranks;
  },
  estimate(_root, form) {
    const box = /** @type {HTMLInputElement} */ (form.elements.namedItem("answer"));
    if (box.value === "" || !Number.isFinite(box.valueAsNumber)) throw new Incomplete("Enter a number.", "answer");
    return box.valueAsNumber;
  },
  say(_root, form) {
    const text = String(new FormData(form).get("answer") ?? "");
    if (!text.trim()) throw new Incomplete("Write a sentence first.", "answer");
    return text;
  },
};

/** @param {HTMLFormElement} form @param {string} message */
function chosen(form, message) {
  const value = new FormData(form).get("answer");
  if (value === null) throw new Incomplete(message, "answer");
  return String(value);
}

/** @param {HTMLElement} root @param {HTMLFormElement} form @param {string} message @param {(v: any) => any} convert */
function fields(root, form, message, convert) {
  const data = new FormData(form);
  /** @type {Record<string, any>} */
  const answer = {};
  for (const { dataset } of all(root, "form [data-field]")) {
    const field = /** @type {string} */ (dataset.field);
    const value = data.get(field);
    if (value === null || value === "") throw new Incomplete(message, field);
    answer[field] = convert(value);
  }
  return answer;
}

/** Puts an answer into the form, as a reader would have. @param {HTMLElement} root @param {any} answer */
function put(root, answer) {
  const values = Array.isArray(answer) ? answer : answer && typeof answer === "object" ? null : [answer];
  for (const control of /** @type {HTMLInputElement[]} */ (all(root, "form [name]"))) {
    const wanted = values ?? [answer[control.name]];
    if (control.type === "radio" || control.type === "checkbox") control.checked = wanted.map(String).includes(control.value);
    else control.value = wanted[0] ?? "";
  }
}

// Wording: what came of it, calmly. Never praise, never blame.

/** @param {HTMLElement} root @param {Result} result */
function outcome(root, result) {
  const { parts, format } = result;
  const total = parts.length;
  const same = parts.filter((p) => p.marks === p.out_of && p.out_of > 0).length;
  const marks = root.dataset.crisis === undefined ? ` ${+result.marks.toFixed(2)} of ${count(result.out_of, "mark")}.` : "";
  if (result.verdict === "open") return "Thoughtful people differ here, so nothing is scored. The reasons follow.";
  if (format === "best")
    return result.verdict === "match" ? `Your answer is the course’s answer.${marks}` : `The course argues for another answer.${marks}`;
  if (format === "estimate") {
    const [part] = parts;
    return part.marks === 1 ? `Close to the figure.${marks}` : `The figure lies ${part.given < part.key ? "higher" : "lower"}.${marks}`;
  }
  if (format === "pick" || format === "mark") {
    const keyed = parts.filter((p) => p.key === true);
    const extra = parts.filter((p) => p.given && p.key === false).length;
    const verb = format === "pick" ? "chooses" : "marks";
    if (!keyed.length) return (extra ? `The course ${verb} none of these.` : `Like the course, you chose none.`) + marks;
    const hits = `${keyed.filter((p) => p.given).length} of the ${keyed.length} that the course ${verb}`;
    return `${hits}${extra ? `, and ${count(extra, "other")}` : ""}.${marks}`;
  }
  if (format === "path") return `The story has ended. ${same} of ${count(total, "decision")} as the course would.${marks}`;
  const where = { rank: "in the same place as ours", rate: "rated as ours", sort: "in the same group as ours" }[format];
  const elsewhere = { rank: "in another place than ours", rate: "rated otherwise than ours", sort: "in another group than ours" }[format];
  return (same === total ? `All ${total} ${where}.` : `${total - same} of ${total} ${elsewhere}.`) + marks;
}

/** @param {Result} result */
function sureness({ certainty }) {
  if (!certainty) return "";
  const marks = +certainty.marks.toFixed(1);
  return ` With certainty ${certainty.level}: ${marks < 0 ? `${-marks} lost` : `${marks} won`}.`;
}

/** @param {HTMLElement} root @param {Result} result @param {Part} part */
function yours(root, result, part) {
  const { given, key, marks, out_of } = part;
  const open = result.verdict === "open";
  const worth = open || root.dataset.crisis !== undefined ? "" : ` ${+marks.toFixed(2)} of ${out_of}.`;
  if (result.format === "pick") return given ? `You chose it.${worth}` : key ? `You left it.${worth}` : "You left it.";
  if (result.format === "mark") return given ? `You marked it.${marks < 0 ? " One mark less." : worth}` : key ? `You left it.${worth}` : "You left it.";
  if (result.format === "rate") return given === null ? "You left it out." : `You: ${LEVELS[given - 1]}.${worth}`;
  if (result.format === "rank") return given === null ? "You left it out." : `You: place ${given}.${worth}`;
  if (result.format === "sort") return given === null ? "You left it out." : `You: ${label(root, part.id, given)}.${worth}`;
  return `You: ${+Number(given).toFixed(6)}.${worth}`;
}

/** Takes the reader's own answer away from the reasons. @param {HTMLElement} root */
function unmark(root) {
  for (const old of all(root, ".vignette-yours")) old.hidden = true;
  for (const old of all(root, "[data-yours]")) delete old.dataset.yours;
}

/** Writes the reader's own answer beside the reasons for each part. @param {HTMLElement} root @param {Result} result */
function annotate(root, result) {
  unmark(root);
  for (const part of result.parts) {
    const places = all(root, `.vignette-reasons [data-part="${CSS.escape(part.id)}"]`);
    if (result.format === "best") places.push(...all(root, `.vignette-reasons [data-part="${CSS.escape(part.given)}"]`));
    for (const place of places) {
      let line = one(place, ".vignette-yours");
      let text = result.format === "best" ? "Your answer." : "";
      if (result.format === "path") {
        const option = one(place, `[data-option="${CSS.escape(part.given)}"]`);
        if (option) option.dataset.yours = "";
        text = `You: ${label(root, "answer", part.given)}`;
      }
      place.dataset.yours = "";
      if (!line) continue;
      line.textContent = text || yours(root, result, part);
      line.hidden = false;
    }
  }
  if (result.format === "path") {
    for (const step of all(root, ".vignette-reasons > .vignette-parts > [data-part]")) step.hidden = step.dataset.yours === undefined;
    for (const ending of all(root, "[data-ending]")) ending.hidden = ending.dataset.ending !== result.ending;
  }
}

/**
 * Makes a drawn vignette answer. Called once for each `<ethics-vignette>`.
 * @param {HTMLElement} root
 * @param {Host} host
 */
export function attach(root, host) {
  const form = /** @type {HTMLFormElement} */ (one(root, "form"));
  const status = /** @type {HTMLElement} */ (one(root, ".vignette-outcome"));
  const format = /** @type {string} */ (root.dataset.format);
  const id = /** @type {string} */ (root.dataset.id);
  const steps = all(root, "[data-step]");
  /** @type {string[]} */
  let taken = []; // a path's choices so far
  /** @type {string[]} */
  let visited = []; // and the steps at which they were made

  const reasons = () => one(root, ".vignette-reasons");
  const show = () => {
    const block = /** @type {HTMLDetailsElement | null} */ (reasons());
    if (!block) return;
    block.hidden = false;
    block.open = true;
  };
  const hide = () => {
    const block = reasons();
    if (block) block.hidden = true;
  };
  /** @param {string | undefined} html */
  const place = (html) => {
    if (html === undefined) return;
    reasons()?.remove();
    status.insertAdjacentHTML("afterend", html);
  };
  const clear = () => {
    for (const note of all(root, ".vignette-error")) note.remove();
    for (const field of all(root, "[aria-describedby]")) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  };

  /** Names the fault at its field and goes there. @param {string} message @param {string} field */
  const complain = (message, field) => {
    clear();
    const current = all(root, `form [data-field="${CSS.escape(field)}"]`).find((f) => !f.hidden) ?? form;
    const note = document.createElement("p");
    note.className = "vignette-error";
    note.id = `error-${id.replace(/\W/g, "-")}`;
    note.textContent = message;
    current.append(note);
    const controls = /** @type {HTMLElement[]} */ (all(current, "input, select, textarea"));
    for (const control of controls) control.setAttribute("aria-describedby", note.id);
    if (controls.length === 1) controls[0].setAttribute("aria-invalid", "true");
    status.textContent = message;
    controls[0]?.focus();
  };

  /** @param {number} number */
  const step = (number) => {
    const here = visited[number] ?? "";
    for (const set of /** @type {HTMLFieldSetElement[]} */ (steps)) {
      set.hidden = set.dataset.step !== here;
      set.disabled = set.hidden;
    }
    const back = one(root, '[data-do="back"]');
    if (back) back.hidden = taken.length === 0;
    const route = one(root, ".vignette-route");
    if (route) route.textContent = here ? `Decision ${number + 1}` : "";
  };

  /** The steps that a path's choices lead through, from the links of the options themselves. @param {string[]} choices */
  const walk = (choices) => {
    const route = [/** @type {string} */ (steps[0].dataset.step)];
    for (const choice of choices) {
      const at = `[data-step="${CSS.escape(route[route.length - 1])}"] [value="${CSS.escape(choice)}"]`;
      const next = one(root, at)?.dataset.next ?? "";
      if (steps.some((s) => s.dataset.step === next)) route.push(next);
    }
    return route;
  };

  /** The room has the answer; it may still change. @param {any} answer @param {string} message */
  const showSent = (answer, message) => {
    clear();
    if (format === "path") {
      taken = [...answer];
      visited = walk(taken);
      step(taken.length);
    } else put(root, answer);
    root.dataset.state = "sent";
    status.textContent = message;
    finish();
  };

  /** @param {any} answer @param {Graded} graded */
  const showGraded = (answer, { result, reasons: html }) => {
    clear();
    if (format === "path" && result.ending === null) {
      taken = [...answer];
      visited = result.parts.map((p) => p.id);
      const last = /** @type {HTMLInputElement | null} */ (
        one(root, `[data-step="${CSS.escape(visited[visited.length - 1])}"] [value="${CSS.escape(taken[taken.length - 1])}"]`)
      );
      visited.push(last?.dataset.next ?? "");
      step(taken.length);
      status.textContent = `The story goes on. Decision ${taken.length + 1}.`;
      const legend = all(root, "[data-step]").find((s) => !s.hidden)?.querySelector("legend");
      if (form.contains(document.activeElement) || document.activeElement === document.body) legend?.focus();
      return;
    }
    place(html);
    if (format === "path") {
      taken = [...answer];
      visited = result.parts.map((p) => p.id);
      step(visited.length);
      const back = one(root, '[data-do="back"]');
      if (back) back.hidden = false;
    } else put(root, answer);
    annotate(root, result);
    show();
    root.dataset.state = "answered";
    root.dataset.marks = String(result.marks);
    root.dataset.outOf = String(result.out_of);
    status.textContent = outcome(root, result) + sureness(result);
    finish();
  };

  const finish = () => {
    const submit = /** @type {HTMLButtonElement} */ (one(form, '[type="submit"]'));
    submit.hidden = format === "path" && !steps.some((s) => !s.hidden);
    const reveal = one(root, '[data-do="reveal"]');
    if (reveal) reveal.hidden = true;
  };

  const check = async () => {
    let answer;
    try {
      answer = READ[format](root, form, taken);
    } catch (error) {
      if (!(error instanceof Incomplete)) throw error;
      complain(error.message, error.field);
      return;
    }
    if (format === "say") {
      host.record?.({ kind: "say", text: answer });
      return reveal("Compare your sentence with these.");
    }
    const sure = new FormData(form).get("certainty"); // asked only where the page has switched it on
    status.textContent = "Checking…";
    try {
      const graded = await host.grade(answer, sure === null ? null : Number(sure));
      if (graded.sent !== undefined) return showSent(answer, graded.sent);
      showGraded(answer, graded);
      // A path is one attempt, whole.
      if (graded.result.ending !== null) host.record?.({ kind: "attempt", answer, result: graded.result });
    } catch (error) {
      if (/** @type {Error} */ (error).name === "AnswerError") complain(/** @type {Error} */ (error).message, "answer");
      else await fail(/** @type {Error} */ (error).message);
    }
  };

  /** @param {string} [message] */
  const reveal = async (message = "Here are the reasons. Nothing is counted.") => {
    clear();
    try {
      place(await host.reveal());
    } catch (error) {
      status.textContent = /** @type {Error} */ (error).message;
      return;
    }
    if (format === "path") {
      for (const hidden of all(root, ".vignette-reasons [hidden]:not(.vignette-yours)")) hidden.hidden = false;
    }
    show();
    root.dataset.state = "revealed";
    status.textContent = message;
    if (format !== "say") host.record?.({ kind: "reveal" });
    finish();
  };

  /** Nothing can grade here: say so, leave the answer in place, show the reasons. @param {string} message */
  const fail = async (message) => {
    if (reasons()) {
      show();
      root.dataset.state = "revealed";
      status.textContent = `${message} Your answer stays as it is; the reasons follow, unscored.`;
    } else status.textContent = message;
  };

  const back = () => {
    taken = taken.slice(0, -1);
    visited = visited.slice(0, taken.length + 1);
    hide();
    root.dataset.state = "untouched";
    delete root.dataset.marks;
    delete root.dataset.outOf;
    const submit = one(form, '[type="submit"]');
    if (submit) submit.hidden = false;
    const revealButton = one(root, '[data-do="reveal"]');
    if (revealButton) revealButton.hidden = false;
    step(taken.length);
    status.textContent = `Back at decision ${taken.length + 1}.`;
    steps.find((s) => !s.hidden)?.querySelector("legend")?.focus();
  };

  /** Brings the options into the order of the places that they have; those without one keep theirs, after the others. @param {HTMLElement} list */
  const arrange = (list) => {
    const place = (/** @type {Element} */ item) => Number(/** @type {HTMLSelectElement} */ (item.querySelector("select")).value) || list.children.length + 1;
    list.append(...[...list.children].sort((a, b) => place(a) - place(b)));
  };

  /** Moves one option and numbers all of them by where they now stand. @param {HTMLElement} button */
  const move = (button) => {
    const item = /** @type {HTMLElement} */ (button.closest("li"));
    const list = /** @type {HTMLElement} */ (item.parentElement);
    arrange(list); // places may have been chosen in the lists, or filled in from an earlier answer
    const other = button.dataset.move === "-1" ? item.previousElementSibling : item.nextElementSibling;
    if (other) button.dataset.move === "-1" ? list.insertBefore(item, other) : list.insertBefore(other, item);
    const places = /** @type {HTMLSelectElement[]} */ (all(list, "select"));
    places.forEach((select, index) => (select.value = String(index + 1)));
    button.focus();
    const select = /** @type {HTMLSelectElement} */ (one(item, "select"));
    select.dispatchEvent(new Event("input", { bubbles: true })); // a script's change makes none
    status.textContent = `${host.unsent ? `${host.unsent} ` : ""}Now in place ${select.value} of ${places.length}: ${words(one(item, "label > span"))}`;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void check();
  });
  root.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"));
    if (button?.dataset.do === "reveal") void reveal();
    else if (button?.dataset.do === "back") back();
    else if (button?.dataset.move) move(button);
  });
  form.addEventListener("input", clear);

  hide();
  for (const hidden of all(root, 'form [type="submit"], [data-do="reveal"], .vignette-moves')) hidden.hidden = false;
  for (const button of all(root, "[data-move]")) {
    const what = words(button.closest("li")?.querySelector("label > span"));
    button.setAttribute("aria-label", `${words(button)}: ${what}`);
  }
  if (steps.length) {
    visited = [/** @type {string} */ (steps[0].dataset.step)];
    step(0);
  }
  /** Puts a kept sentence back and shows the model lines beside it. @param {string} text */
  const showSaid = (text) => {
    put(root, text);
    show();
    root.dataset.state = "revealed";
  };
  /** Opens the reasons as they were left, or as they come: seen, and nothing counted. @param {string} [html] */
  const showRevealed = (html) => {
    place(html);
    show();
    root.dataset.state = "revealed";
    finish();
  };
  const order = all(root, ".vignette-places > li");
  /** Takes the answer away, as if the page had just come, and goes to the form. */
  const startOver = () => {
    clear();
    form.reset();
    unmark(root);
    hide();
    for (const item of order) item.parentElement?.append(item);
    taken = [];
    if (steps.length) {
      visited = visited.slice(0, 1);
      step(0);
    }
    root.dataset.state = "untouched";
    delete root.dataset.marks;
    delete root.dataset.outOf;
    for (const button of all(form, '[type="submit"], [data-do="reveal"]')) button.hidden = false;
    status.textContent = "Started over.";
    all(form, "input, select, textarea").find((control) => control.offsetParent)?.focus();
  };
  return { showGraded, showSent, showSaid, showRevealed, startOver, steps: walk };
}

// The live widget: the kernel grades, over the widget's own messages.

const SILENCE = 6000; // milliseconds until a kernel that says nothing is taken for a dead one
const DEAD = "The notebook’s kernel does not answer. Run the notebook again, then press Check.";

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  el.innerHTML = model.get("_html");
  // A notebook takes arrows and letters for its own wherever the focus is, but for an element that says otherwise.
  /** @param {KeyboardEvent} event */
  const ours = ({ target, ctrlKey, metaKey, altKey }) => {
    if (target instanceof HTMLElement && el.contains(target))
      target.toggleAttribute("data-lm-suppress-shortcuts", !(ctrlKey || metaKey || altKey));
  };
  addEventListener("keydown", ours, true); // on the window: Notebook listens on the document, and first
  const root = /** @type {HTMLElement} */ (one(el, "ethics-vignette"));
  /** @param {object} submission @returns {Promise<any>} */
  const ask = (submission) =>
    new Promise((resolve, reject) => {
      const n = `${Date.now()}-${Math.random()}`;
      const done = () => {
        const feedback = model.get("_feedback");
        if (feedback.n !== n) return;
        stop();
        if (feedback.error) reject(Object.assign(new Error(feedback.error), { name: "AnswerError" }));
        else resolve(feedback);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(DEAD));
      }, SILENCE);
      const stop = () => {
        clearTimeout(timer);
        model.off("change:_feedback", done);
      };
      model.on("change:_feedback", done);
      model.set("_submission", { n, ...submission });
      model.save_changes();
    });
  const view = attach(root, {
    grade: (answer, certainty) => ask({ answer, certainty }),
    reveal: async () => (await ask({ reveal: true })).reasons,
  });
  // An answer given in Python, or in another view of the same widget.
  const follow = () => {
    const feedback = model.get("_feedback");
    if (feedback.result) view.showGraded(feedback.answer, feedback);
  };
  model.on("change:_feedback", follow);
  follow();
  return () => {
    model.off("change:_feedback", follow);
    removeEventListener("keydown", ours, true);
  };
}

export default { render };
