// @ts-check
/**
 * The phone's page: what the room is at, drawn with as little change as can be. The vignette is drawn once for an item
 * and then only switched on and off, so that nobody who is answering loses a choice, a sentence or the focus.
 *
 * @import { State, Cast, Vote } from "./room.js"
 */

import { Refused, ask, ballot, follow } from "./room.js";
import { attach } from "./vignette.js";

const SAYS = {
  lobby: ["You are in", "Look at the front. The next scene comes up here by itself."],
  scene: ["The scene", "Read it, or listen. If it is voted on, you answer later."],
  think: ["Think", "Make up your mind alone. In a moment you can send it."],
  vote1: ["First vote", "Answer alone. Nobody is told who answered what."],
  talk: ["Talk", "Find somebody who may see it otherwise. Say why you answered as you did, and listen."],
  vote2: ["Second vote", "Answer once more, changed or not. Your first answer is filled in; it counts again when you send it."],
  reasons: ["The reasons", "What the course argues, beside your own answer."],
  closed: ["The room is closed", "Thank you. You can close this page."],
};
/** Where no vote was opened, nobody has an answer to speak of. @type {Record<string, string>} */
const UNVOTED = {
  talk: "Say to somebody near you how you see it, and listen.",
  reasons: "What the course argues.",
};
const ON_PAPER = "Write your sentence on paper. Nothing of it is sent. Do not write about a real person.";
const BECAME = {
  sent: "Sent. You can change it until the vote closes.",
  waiting: "Not sent yet. Your answer is kept on this phone and sent by itself as soon as the room can be reached.",
};
const NO_COOKIE =
  "This browser does not keep the room’s cookie, so the room cannot know it again. Allow cookies for this page, then load it again; or use another browser, or put your hand up when the others vote.";
const UNKNOWN = "The room does not know this browser any more. Join again.";
const OTHER = "Another answer from this browser stands, and is shown here. You can change it until the vote closes.";
const LOST = 2; // failures in a row until the page speaks of it

/** @param {string} id */
const by = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** Sets words only where they differ: a status that is set anew is read out anew. @param {string} id @param {string} text */
const write = (id, text) => {
  if (by(id).textContent !== text) by(id).textContent = text;
};

const code = document.body.dataset.code ?? "";
const base = `/${code}`;
/** @type {State | null} */
let state = null;
/** @type {{key: string, root: HTMLElement, form: HTMLFormElement, view: ReturnType<typeof attach>, why: HTMLElement} | null} */
let drawn = null;
let entering = false; // joined, and the room has not told yet where it is
/** @type {1 | 2 | null} */
let asked = null; // the vote that the form stands for
let ends = 0; // when the timer does, on the page's own clock: a phone's date may be wrong

const votes = ballot(base, (cast, became, message, stands) => {
  if (!drawn || !state || cast.item !== state.item || cast.vote !== asked) return;
  if (stands) return put(stands, OTHER);
  drawn.root.dataset.state = became;
  outcome(became === "refused" ? message : BECAME[became]);
});

/** What the vignette's own status says. @param {string} text */
const outcome = (text) => {
  const status = drawn?.root.querySelector(".vignette-outcome");
  if (status && status.textContent !== text) status.textContent = text;
};

/** @param {State} now @param {1 | 2} vote */
const yours = (now, vote) => now.yours?.[vote] ?? null;

// The vignette.

/** @param {State} now */
function drawItem(now) {
  by("item").innerHTML = now.html ?? "";
  const root = /** @type {HTMLElement | null} */ (by("item").querySelector("ethics-vignette"));
  drawn = null;
  asked = null;
  if (!root || !now.item) return;
  root.querySelector('[data-do="reveal"]')?.remove(); // the reasons come when the instructor shows them
  const form = /** @type {HTMLFormElement} */ (root.querySelector("form"));
  const actions = /** @type {HTMLElement} */ (form.querySelector(".vignette-actions"));
  const box = /** @type {HTMLTemplateElement} */ (by("reason"));
  const why = /** @type {HTMLElement} */ (document.importNode(box.content, true).firstElementChild);
  actions.before(why);
  actions.prepend(/** @type {HTMLElement} */ (root.querySelector(".vignette-outcome"))); // where a thumb is, an eye is
  const said = root.dataset.format === "say";
  if (said) for (const part of form.querySelectorAll("textarea, .vignette-hint")) part.remove();
  letter(root);
  const item = now.item;
  const view = attach(root, {
    async grade(answer) {
      if (root.dataset.format === "path") {
        const walked = view.steps(answer);
        if (walked.length > answer.length) return { result: /** @type {any} */ ({ ending: null, parts: walked.slice(0, -1).map((id) => ({ id })) }) };
      }
      if (!state?.open || asked === null) return { sent: "The vote is closed." };
      const reason = why.hidden ? "" : (why.querySelector("textarea")?.value ?? "").trim();
      showRoute(root, answer);
      votes.cast({ item, vote: asked, answer, reason: reason || null });
      return { sent: "Sending…" };
    },
    reveal: async () => undefined,
    unsent: "Not sent yet.",
  });
  const submit = form.querySelector('[type="submit"]');
  if (submit) submit.textContent = root.dataset.format === "path" ? "Go on" : "Send";
  form.addEventListener("input", () => {
    if (!["sent", "waiting", "refused"].includes(root.dataset.state ?? "")) return;
    root.dataset.state = "untouched";
    outcome("Changed, and not sent yet.");
  });
  drawn = { key: `${now.item} ${now.html}`, root, form, view, why };
}

/** The letters that the options have on the wall, so that “who chose B?” can be asked. @param {HTMLElement} root */
function letter(root) {
  for (const group of root.querySelectorAll("fieldset:not(.vignette-rate)")) {
    if (group.querySelector("fieldset:not(.vignette-rate)")) continue;
    const options = group.querySelectorAll(".vignette-option, .vignette-span, .vignette-rate, .vignette-places li, .vignette-sorting p");
    for (const [place, option] of options.entries()) {
      const text = /** @type {HTMLElement | null} */ (option.querySelector(":scope > legend, label > span, :scope > span"));
      if (text) text.dataset.letter = String.fromCharCode(65 + place);
    }
  }
}

/** A path that was walked to its end has no decision left to show: its choices, then. @param {HTMLElement} root @param {any} answer */
function showRoute(root, answer) {
  if (root.dataset.format !== "path") return;
  root.querySelector(".phone-route")?.remove();
  const list = document.createElement("ol");
  list.className = "phone-route";
  for (const choice of /** @type {string[]} */ (answer)) {
    const line = list.appendChild(document.createElement("li"));
    line.textContent = root.querySelector(`form [value="${CSS.escape(choice)}"]`)?.closest("label")?.textContent?.trim() ?? "";
  }
  root.querySelector(".vignette-route")?.after(list);
}

/** Puts a kept answer and its reason into the form. @param {Vote | Cast} vote @param {string} message */
function put(vote, message) {
  if (!drawn) return;
  drawn.view.showSent(vote.answer, message);
  showRoute(drawn.root, vote.answer);
  const box = drawn.why.querySelector("textarea");
  if (box) box.value = vote.reason ?? "";
}

/** @param {boolean} on */
function enable(on) {
  if (!drawn) return;
  const { form } = drawn;
  if (!on && form.contains(document.activeElement)) by("step").focus(); // the focus must not fall out of the page
  form.toggleAttribute("data-off", !on);
  for (const control of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input, select, textarea, button"))) control.disabled = !on;
}

/** @param {State} now */
function showItem(now) {
  if (!now.item || !now.html) {
    if (drawn) by("item").replaceChildren();
    drawn = null;
    return;
  }
  const shown = drawn?.root.dataset.state ?? "";
  // A new item; or the instructor went back, and what was shown must go.
  if (drawn?.key !== `${now.item} ${now.html}` || (["answered", "revealed"].includes(shown) && now.step !== "reasons")) drawItem(now);
  if (!drawn) return;
  const { form, root, why, view } = drawn;
  const said = root.dataset.format === "say";
  form.hidden = now.step === "scene" || now.step === "reasons"; // the reasons say each option again, and one's own beside it
  why.hidden = said || !now.asks_reason || now.vote === null;
  const last = yours(now, 2) ?? yours(now, 1);

  if (now.feedback) {
    if (["answered", "revealed"].includes(root.dataset.state ?? "")) return;
    enable(false);
    asked = null;
    form.after(/** @type {HTMLElement} */ (root.querySelector(".vignette-outcome")));
    if (now.feedback.result && last) view.showGraded(last.answer, { result: now.feedback.result, reasons: now.feedback.reasons });
    else {
      view.showRevealed(now.feedback.reasons);
      outcome(said ? "Hold your own sentence against these." : now.opened ? "You sent no answer. Here are the reasons." : "Here are the reasons.");
    }
    enable(false);
    return;
  }
  if (now.open && now.vote !== null) {
    if (asked === now.vote) return enable(true);
    asked = now.vote;
    const own = yours(now, asked);
    const waiting = votes.waiting();
    if (waiting && waiting.item === now.item && waiting.vote === asked) {
      put(waiting, BECAME.waiting);
      root.dataset.state = "waiting";
    } else if (own) put(own, BECAME.sent);
    else if (last) {
      put({ ...last, reason: null }, ""); // the answer is filled in, the reason is asked for anew
      root.dataset.state = "untouched";
    }
    return enable(true);
  }
  // Closed: what stands in the form is what was sent.
  if (form.hasAttribute("data-off") && asked === null) return;
  const had = asked === null ? last : yours(now, asked);
  const message = `The vote is closed. ${closing(root.dataset.state ?? "", had !== null)}`;
  if (last) put(last, message);
  else if (asked !== null) outcome(message);
  asked = null;
  enable(false);
}

/** What became of a vote when it closed. @param {string} was @param {boolean} had */
function closing(was, had) {
  if (asked === null || was === "sent") return "Your answer is in.";
  if (had) return "What you had sent stands; the change was not sent.";
  return was === "untouched" ? "You had sent no answer." : "Your answer did not reach the room in time.";
}

// The rest of the page.

/** @param {State} now */
function draw(now) {
  const before = state;
  state = now;
  entering = false;
  by("join").hidden = true;
  by("room").hidden = false;
  by("room").removeAttribute("data-waiting");
  votes.known([yours(now, 1), yours(now, 2)]);
  showItem(now);

  const [title, todo] = SAYS[/** @type {keyof typeof SAYS} */ (now.step)] ?? SAYS.lobby;
  const said = drawn?.root.dataset.format === "say";
  by("mark").hidden = Boolean(now.item);
  write("step", title);
  const unvoted = now.opened ? undefined : UNVOTED[now.step];
  write("todo", said && ["think", "vote1", "vote2"].includes(now.step) ? ON_PAPER : (unvoted ?? todo));
  document.title = `${title} · Room ${code}`;
  const steps = /** @type {HTMLElement} */ (document.querySelector(".phone-steps"));
  steps.hidden = !now.item;
  for (const step of /** @type {NodeListOf<HTMLElement>} */ (steps.querySelectorAll("li"))) {
    if (step.dataset.at === now.step) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
  ends = now.seconds_left === null ? 0 : performance.now() + 1000 * now.seconds_left;
  tick();
  write("notice", said ? "" : (now.notice ?? "")); // above, in more words
  by("table").hidden = !now.table || now.step !== "talk";
  if (now.table) write("table", `Table ${now.table}: sit with those whose phones say ${now.table} too.`);
  by("leaving").hidden = drawn?.root.dataset.crisis === undefined;
  if (before?.item !== now.item) leave(false);
  // A new step begins at the top, but nobody who is reading the options is moved when the vote opens.
  if (before?.item !== now.item || (before?.step !== now.step && ["talk", "vote2", "reasons"].includes(now.step))) scrollTo(0, 0);

  by("shown").hidden = !now.shown.length;
  const list = /** @type {HTMLElement} */ (by("shown").querySelector("ul"));
  if ([...list.children].map((line) => line.textContent).join("\n") !== now.shown.join("\n")) {
    list.replaceChildren(
      ...now.shown.map((text) => {
        const line = document.createElement("li");
        line.textContent = text; // text, whatever it looks like
        return line;
      }),
    );
  }
  write("who", now.alias ? `You are “${now.alias}” here, and nobody else is told.` : "");
}

/** A crisis scene may be left at any step, and come back to. @param {boolean} left */
function leave(left) {
  by("item").hidden = left;
  by("leave").setAttribute("aria-expanded", String(!left));
  write("leave", left ? "Come back to the scene" : "Leave this scene");
}

function tick() {
  by("timer").hidden = !ends;
  const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
  write("left", `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
}

// Coming in.

async function join() {
  const button = /** @type {HTMLButtonElement} */ (by("enter"));
  button.disabled = true;
  write("fault", "");
  try {
    await ask(`${base}/join`, "POST", {});
    entering = true;
    start();
    by("join").hidden = true;
    by("room").hidden = false;
    by("step").focus();
  } catch (error) {
    write("fault", error instanceof Refused ? error.message : "The room does not answer. See that you are on the Wi-Fi that your instructor named, then press Join again.");
  } finally {
    button.disabled = false;
  }
}

function start() {
  follow(base, {
    heard: draw,
    trouble: (failures) => write("link", failures < LOST ? "" : "No line to the room. Trying again by itself; your answers are kept."),
    gone(refused) {
      write("link", "");
      by("join").hidden = refused.status !== 401;
      by("room").hidden = refused.status === 401;
      if (refused.status === 401) {
        /** @type {HTMLButtonElement} */ (by("enter")).disabled = entering; // each press would make another phone
        return write("fault", entering ? NO_COOKIE : UNKNOWN);
      }
      by("item").replaceChildren();
      by("room").removeAttribute("data-waiting");
      drawn = null;
      write("step", "The room is gone");
      write("todo", refused.message);
    },
  });
}

by("enter").addEventListener("click", () => void join());
by("leave").addEventListener("click", () => leave(!by("item").hidden));
/** @type {HTMLButtonElement} */ (by("enter")).disabled = false;
by("old").remove();
setInterval(tick, 250);
if (!by("room").hidden) start();
