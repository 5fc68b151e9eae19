// @ts-check
/**
 * The reader's record: every attempt, in this browser and nowhere else.
 *
 * An event is written once under its own id and never changed, so that two tabs, two devices or a file that is read
 * twice can only add to one another. What is computed from the events is widgets/progress.py's business.
 * `idbKeyval` (idb-keyval, loaded before this) keeps IndexedDB's callbacks away.
 *
 * @typedef {{id: string, kind: string, time: string, item?: string, [more: string]: any}} RecordEvent
 */
(() => {
  const NAME = "where-the-line-is";
  const SCHEMA = 1; // of the stored events; a later one migrates what it finds here
  const idb = /** @type {any} */ (self).idbKeyval;
  /** @type {Map<string, RecordEvent>} */
  const events = new Map();
  /** @type {Set<() => void>} */
  const listeners = new Set();
  /** @type {any} */
  let store;
  let kept = true; // whether what was last written is in the store
  let full = false; // whether the store could be read, but not written
  /** @type {Set<string>} the ids of events that no store holds */
  const pending = new Set();
  let savedAt = ""; // when this page last made a file
  /** @type {BroadcastChannel | undefined} */
  let channel;

  const tell = () => listeners.forEach((listener) => listener());

  /** Takes in what another tab has written. */
  const load = async () => {
    if (!kept) return;
    const before = events.size;
    for (const [id, event] of await idb.entries(store)) if (!events.has(id)) events.set(id, event);
    if (events.size !== before) tell();
  };

  const ready = (async () => {
    try {
      store = idb.createStore(`${NAME}-${SCHEMA}`, "events");
      await load();
    } catch {
      kept = false; // a private window, or storage that is blocked: the course works and remembers nothing
    }
    if (kept) {
      void navigator.storage?.persist?.().catch(() => {});
      try {
        channel = new BroadcastChannel(NAME);
        channel.onmessage = ({ data }) => (data === "forget" ? clear() : void load());
      } catch {
        // Some browsers have no channel between pages from file://; coming back to the tab reads anew.
      }
      document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void load());
    }
    return kept;
  })();

  const clear = () => {
    events.clear();
    pending.clear();
    tell();
  };

  /** Hands the reader a file. @param {string} name @param {any} data */
  const download = (name, data) => {
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1)], { type: "application/json" }));
    anchor.download = name;
    anchor.click();
  };

  /** Now, to the second; later than any start over, which ends what came up to and including its own second. */
  const now = () => {
    const resets = [...events.values()].filter((event) => event.kind === "reset").map((event) => Date.parse(event.time));
    const time = Math.max(Date.now(), ...resets.map((reset) => reset + 1000));
    return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
  };

  const newId = () =>
    [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  /** @param {RecordEvent[]} more */
  const merge = async (more) => {
    await ready;
    const added = more.filter((event) => !events.has(event.id));
    for (const event of added) {
      events.set(event.id, event);
      pending.add(event.id);
    }
    const written = [...pending];
    try {
      // Each time all that is not stored yet: there may be room again.
      await idb.setMany(written.map((id) => [id, events.get(id)]), store);
      for (const id of written) pending.delete(id);
      kept = true;
      full = false;
      channel?.postMessage("added");
    } catch {
      full ||= kept;
      kept = false; // full storage, or none: what is in memory can still be saved to a file
    }
    if (added.length) tell();
    return added.length;
  };

  /** @param {string} key */
  const setting = (key) => {
    try {
      return localStorage.getItem(`${NAME}:${key}`);
    } catch {
      return null;
    }
  };
  /** @param {string} key @param {string} value */
  const set = (key, value) => {
    try {
      localStorage.setItem(`${NAME}:${key}`, value);
    } catch {
      // blocked storage: see above
    }
  };

  const course = {
    ready,
    /** Whether this browser keeps anything. */
    keeps: () => kept,
    /** Whether it kept what came before, and has no room for more. */
    full: () => full,
    /** @returns {RecordEvent[]} */
    all: () => [...events.values()],
    merge,
    /** @param {string} kind @param {object} fields */
    add: (kind, fields) => merge([{ id: newId(), kind, time: now(), ...fields }]),
    /** @param {() => void} listener */
    watch: (listener) => listeners.add(listener),
    setting,
    set,
    now,
    /** How many attempts no exported file holds. */
    unsaved() {
      const saved = setting("exported") ?? savedAt;
      return [...events.values()].filter((event) => event.kind === "attempt" && event.time > saved).length;
    },
    /** Whether leaving the page would lose something: neither this browser nor a file holds it. */
    atRisk: () => [...pending].some((id) => (events.get(id)?.time ?? "") > savedAt),
    download,
    /** Saves all of it to a file; says how many entries. @param {string} name what the reader typed for a print */
    async save(name) {
      const exported = now();
      /** @type {any} */
      let file;
      try {
        file = await /** @type {any} */ (self).coursePython.call("export", JSON.stringify([[...events.values()], exported, name]));
      } catch {
        const shared = [...events.values()].filter((event) => event.kind !== "dissent" || event.share_it);
        file = { course: NAME, schema: SCHEMA, exported, name, events: shared }; // no Python here, so no digest
      }
      download(`${NAME}-${exported.slice(0, 10)}.json`, file);
      savedAt = exported;
      set("exported", exported);
      return `Saved: ${file.events.length} entries. Keep the file; “Read a file” on the page Your record takes it in, here or on another device.`;
    },
    /** Erases everything that the course keeps in this browser. */
    async forget() {
      await ready;
      if (kept || full) await idb.clear(store);
      try {
        for (const key of Object.keys(localStorage)) if (key.startsWith(`${NAME}:`)) localStorage.removeItem(key);
      } catch {
        // nothing was kept there
      }
      channel?.postMessage("forget");
      clear();
    },
    /** The newest attempt that still counts for an item; a reset ends what came before it. @param {string} item */
    latest(item) {
      const chapter = item.split("/")[0];
      const covers = (/** @type {RecordEvent} */ e) =>
        e.kind === "reset" && (e.scope === "all" || e.target === item || (e.scope === "chapter" && e.target === chapter));
      const order = (/** @type {RecordEvent} */ a, /** @type {RecordEvent} */ b) => (a.time + a.id < b.time + b.id ? -1 : 1);
      const reset = [...events.values()].filter(covers).sort(order).pop()?.time ?? "";
      const all = [...events.values()].filter((e) => e.item === item).sort(order);
      const mine = all.filter((e) => e.time > reset);
      return {
        attempt: mine.filter((e) => e.kind === "attempt").pop(),
        revealed: mine.some((e) => e.kind === "reveal"),
        // What a reader has written stays, also when the answers start over.
        say: all.filter((e) => e.kind === "say").pop(),
        dissent: all.filter((e) => e.kind === "dissent").pop(),
        attempts: mine.filter((e) => e.kind === "attempt").length,
      };
    },
  };
  /** @type {any} */ (self).courseRecord = course;
})();
