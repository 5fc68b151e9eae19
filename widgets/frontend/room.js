// @ts-check
/**
 * A phone's line to its room. An event says only that there is a new version; what the phone may know it then fetches
 * whole. So a stream, polling where streams are blocked, a reload, a late arrival and a lost connection are one path.
 *
 * Plain http on a classroom's network is no secure context: nothing here needs one.
 *
 * @typedef {{n: number, answer: any, reason?: string | null}} Vote
 * @typedef {{version: number, step: string, item: string | null, html: string | null, vote: 1 | 2 | null, open: boolean,
 *   opened: 0 | 1 | 2, seconds_left: number | null, asks_reason: boolean, yours: Record<string, Vote | null> | null,
 *   table: number | null, feedback: {result: any, reasons: string} | null, shown: string[], notice: string | null,
 *   alias: string}} State
 * @typedef {{item: string, vote: 1 | 2, n: number, answer: any, reason: string | null}} Cast
 */

const PATIENCE = 8000; // milliseconds for one request
const POLL = 1000; // until a stream has spoken: it may be blocked, or held back by a proxy
const CHECK = 20000; // after that: it may have died without knowing
const SLOW = 5000; // the longest wait after failures

/** So that a room's phones do not all ask at once. @param {number} ms */
const about = (ms) => ms * (0.75 + Math.random() / 2);

/** The wait after some failures in a row. @param {number} failures */
const patience = (failures) => about(Math.min(SLOW, POLL * 2 ** Math.max(0, failures - 1)));

/** The room understood, and says no. */
export class Refused extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @param {string} path @param {string} [method] @param {object} [body] @returns {Promise<any>} */
export async function ask(path, method = "GET", body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const reply = await fetch(path, {
      method,
      cache: "no-store",
      signal: stop.signal,
      ...(body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
    // A sign-in page of the network's own is no JSON, and is taken for what it is: no room.
    const said = await reply.json().catch(() => null);
    if (reply.ok && said) return said;
    // What a room that is full, restarting or behind a proxy says is not its last word.
    const final = reply.status >= 400 && reply.status < 500 && ![408, 425, 429].includes(reply.status);
    if (final && said) throw new Refused(reply.status, said.error ?? "The room does not take this.");
    throw new Error(`no answer from the room (${reply.status})`);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Tells what the room is at, now and whenever it changes, for as long as the page is looked at.
 * @param {string} base
 * @param {{heard: (state: State) => void, trouble: (failures: number) => void, gone: (refused: Refused) => void}} host
 */
export function follow(base, host) {
  let version = NaN;
  let asking = false;
  let again = false;
  let failures = 0;
  let broken = 0; // streams in a row
  let live = false;
  let ended = false;
  /** @type {EventSource | null} */
  let stream = null;
  /** @type {Record<string, ReturnType<typeof setTimeout>>} */
  const timers = {};

  /** @param {string} name @param {() => void} then @param {number} ms */
  const later = (name, then, ms) => {
    clearTimeout(timers[name]);
    if (!ended && !document.hidden) timers[name] = setTimeout(then, ms);
  };

  /** @returns {Promise<void>} */
  const refresh = async () => {
    if (ended) return;
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    again = false;
    const answer = await ask(`${base}/state`).catch((error) => error);
    asking = false;
    if (answer instanceof Refused) {
      end();
      return host.gone(answer);
    }
    failures = answer instanceof Error ? failures + 1 : 0;
    if (!document.hidden) host.trouble(failures);
    try {
      if (!(answer instanceof Error)) {
        version = answer.version;
        host.heard(answer);
      }
    } finally {
      // Also where one state could not be drawn: the next may be, and nobody would ask for it.
      if (again) await refresh();
      else plan();
    }
  };

  /** Asks what a stream should have told. A stream that did not is dead. */
  const check = async () => {
    const [told, listening] = [version, live];
    await refresh();
    if (listening && version !== told) open();
  };

  const plan = () => later("next", check, failures ? patience(failures) : about(live ? CHECK : POLL));

  const close = () => {
    stream?.close();
    stream = null;
    live = false;
  };

  const open = () => {
    close();
    if (ended || document.hidden) return;
    const opened = new EventSource(`${base}/events`);
    stream = opened;
    opened.onmessage = ({ data }) => {
      live = true;
      broken = 0;
      if (Number(data) !== version) void refresh();
      else plan();
    };
    // The browser itself tries again after a cut, but never after a 502. So it is always done here.
    opened.onerror = () => {
      close();
      broken += 1;
      later("stream", open, patience(broken));
      if (!asking) plan();
    };
  };

  const end = () => {
    ended = true;
    close();
    Object.values(timers).forEach(clearTimeout);
  };

  const look = () => {
    if (document.hidden) {
      close();
      Object.values(timers).forEach(clearTimeout);
      return;
    }
    open();
    void refresh();
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", (event) => event.persisted && look());
  addEventListener("online", look);
  look();
  return { refresh: look };
}

/**
 * Keeps a vote on the phone until the room has it. A vote carries a number that only rises, so that one sent late
 * never takes the place of a newer one. `told` hears what became of one; `stands` is another answer of this browser,
 * if that is the one which counts.
 * @param {string} base
 * @param {(cast: Cast, became: "sent" | "waiting" | "refused", message: string, stands?: Vote) => void} told
 */
export function ballot(base, told) {
  const place = `where-the-line-is:room${base}`;
  /** @type {{n: number, cast: Cast | null}} */
  let kept = { n: 0, cast: null };
  let sending = false;
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const load = () => {
    try {
      const found = JSON.parse(localStorage.getItem(place) ?? "null");
      if (Number.isInteger(found?.n) && found.n > kept.n) kept = { n: found.n, cast: found.cast ?? null };
    } catch {
      // A browser that keeps nothing: the vote lives as long as the page.
    }
  };
  const save = () => {
    try {
      localStorage.setItem(place, JSON.stringify(kept));
    } catch {
      // as above
    }
  };

  const send = async () => {
    const { cast } = kept;
    if (sending || !cast) return;
    sending = true;
    clearTimeout(timer);
    try {
      const reply = await ask(`${base}/vote`, "PUT", cast);
      failures = 0;
      if (reply.n > kept.n) kept.n = reply.n;
      const other = reply.n > cast.n || (reply.n === cast.n && JSON.stringify(reply.answer) !== JSON.stringify(cast.answer));
      settle(cast, "sent", "", other ? reply : undefined);
    } catch (error) {
      if (error instanceof Refused) settle(cast, "refused", error.message);
      else {
        failures += 1;
        timer = setTimeout(send, patience(failures)); // also while the page is hidden: people press Send and look up
        if (kept.cast === cast) told(cast, "waiting", "");
      }
    } finally {
      sending = false;
    }
    if (kept.cast && kept.cast !== cast) void send();
  };

  /** @param {Cast} cast @param {"sent" | "refused"} became @param {string} message @param {Vote} [stands] */
  const settle = (cast, became, message, stands) => {
    if (kept.cast !== cast) return; // a newer one is on its way
    kept.cast = null;
    save();
    told(cast, became, message, stands);
  };

  load();
  addEventListener("online", () => void send());
  return {
    /** @param {Omit<Cast, "n">} vote */
    cast(vote) {
      load(); // another tab of this browser is the same phone
      kept = { n: kept.n + 1, cast: { ...vote, n: kept.n + 1 } };
      save();
      failures = 0;
      void send();
    },
    /** The vote that the room does not have yet. */
    waiting: () => kept.cast,
    /** Takes over the number that the room has, and sends what it lacks. @param {(Vote | null)[]} votes */
    known(votes) {
      for (const vote of votes) if (vote && vote.n > kept.n) kept.n = vote.n;
      void send();
    },
  };
}
