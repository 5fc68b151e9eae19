// @ts-check
/**
 * What a reader's record says: the record page, the lean, the before-and-after check and the plan.
 *
 * It only draws. What it draws is computed by widgets/progress.py, in the page's Python.
 */
(() => {
  const python = /** @type {any} */ (self).coursePython;
  const record = /** @type {any} */ (self).courseRecord;
  const reports = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-report]")]);
  /** @type {any[]} */
  const items = JSON.parse(document.getElementById("course-items")?.textContent ?? "[]");
  const byId = new Map(items.map((item) => [item.id, item]));
  const AGREEMENT = "Agreement with the course, not competence or fitness to practise.";
  const ENOUGH = 8;
  const AT_ONCE = 8; // scenes to look at again, before the list folds

  /**
   * An element with text, never HTML: what a reader wrote shows as it was written.
   * @param {string} tag @param {string | (Node | string)[]} [content] @param {Record<string, string>} [attributes]
   */
  const make = (tag, content = "", attributes = {}) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...(Array.isArray(content) ? content : [content]));
    return element;
  };
  /** @param {string} tag @param {Record<string, string | number>} attributes @param {string} [text] */
  const draw = (tag, attributes, text = "") => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
    element.textContent = text;
    return element;
  };
  /** @param {string[]} head @param {(string | Node)[][]} rows */
  const table = (head, rows) => {
    const cells = (/** @type {(string | Node)[]} */ row) => {
      const [first, ...rest] = row;
      return make("tr", [make("th", [first], { scope: "row" }), ...rest.map((cell) => make("td", [cell]))]);
    };
    return make("table", [
      make("thead", [make("tr", head.map((h) => (h ? make("th", h, { scope: "col" }) : make("td"))))]),
      make("tbody", rows.map(cells)),
    ]);
  };
  const percent = (/** @type {number | null} */ share) => (share === null ? "–" : `${Math.round(share * 100)}%`);
  const points = (/** @type {number} */ share) => `${share > 0 ? "+" : ""}${Math.round(share * 100)} points`;
  /** @param {string} id */
  const link = (id) => {
    const item = byId.get(id);
    return item ? make("a", item.label, { href: item.href }) : id;
  };
  /** @param {string} chapter */
  const title = (chapter) => items.find((item) => item.chapter === chapter)?.chapter_title ?? chapter;
  /** @param {ParentNode} root @param {string} slot @param {(Node | string)[]} content */
  const fill = (root, slot, content) => {
    for (const place of root.querySelectorAll(`[data-slot="${slot}"]`)) place.replaceChildren(...content);
  };
  const today = () => record.now().slice(0, 10);
  // The page is painted before its Python is fetched: what is counted comes a moment after the words around it.
  const painted = new Promise((resolve) => {
    const soon = () => requestAnimationFrame(() => setTimeout(resolve));
    if (document.readyState === "complete") soon();
    else addEventListener("load", soon, { once: true });
  });
  const summary = async () => {
    await painted;
    return python.call("summary", JSON.stringify([record.all(), items, today()]));
  };

  /** One row of dots a zone, left for more distant and right for closer; the counts stand in words beside it. */
  const leanFigure = (/** @type {any[]} */ answers) => {
    const zones = ["A", "B", "C"];
    const rows = zones.map((zone) => answers.filter((answer) => answer.zone === zone && answer.lean));
    const most = Math.max(1, ...rows.flatMap((row) => [row.filter((a) => a.lean < 0).length, row.filter((a) => a.lean > 0).length]));
    const gap = Math.min(22, 260 / most);
    const r = Math.min(7, gap / 2 - 1); // so that each can be counted
    const svg = draw("svg", { viewBox: "0 0 640 210", role: "img", class: "lean" });
    /** @type {string[]} */
    const told = [];
    svg.append(draw("line", { x1: 340, y1: 28, x2: 340, y2: 180, class: "axis" }));
    svg.append(draw("text", { x: 328, y: 18, "text-anchor": "end" }, "more distant"), draw("text", { x: 352, y: 18 }, "closer"));
    zones.forEach((zone, index) => {
      const y = 55 + index * 55;
      const distant = rows[index].filter((a) => a.lean < 0).length;
      const closer = rows[index].length - distant;
      svg.append(draw("text", { x: 4, y: y + 5 }, `Zone ${zone}`));
      for (let i = 0; i < distant; i += 1) svg.append(draw("circle", { cx: 340 - 16 - i * gap, cy: y, r: r - 1, class: "distant" }));
      for (let i = 0; i < closer; i += 1) svg.append(draw("rect", { x: 340 + 16 - r + i * gap, y: y - r, width: 2 * r, height: 2 * r, class: "closer" }));
      told.push(`zone ${zone}: ${distant} more distant, ${closer} closer`);
    });
    svg.setAttribute("aria-label", `Answers that differed from the course’s, ${told.join("; ")}.`);
    return svg;
  };

  /** @param {any[]} answers */
  const leanWords = (answers) => {
    const differing = answers.filter((answer) => answer.lean);
    const distant = differing.filter((answer) => answer.lean < 0).length;
    if (differing.length < ENOUGH)
      return [make("p", `${differing.length} of your first answers leaned one way or the other: too few to say. From ${ENOUGH} on, this says more.`)];
    const inC = differing.filter((answer) => answer.lean < 0 && answer.zone === "C").length;
    return [
      make("p", `Of ${differing.length} that differed, ${distant} kept more distance (${inC} of them in zone C) and ${differing.length - distant} came closer.`),
      leanFigure(differing),
      make("p", AGREEMENT, { class: "report-agreement" }),
    ];
  };

  const certainty = (/** @type {any} */ found) => {
    const { certain, certain_and_wrong: wrong } = found;
    if (!certain.some((/** @type {any} */ level) => level.n)) return [make("p", "Nothing yet: switch it on above, and answer where it asks.")];
    const rows = certain.map((/** @type {any} */ l) => [
      `Certainty ${l.level}`, String(l.n), l.n < 5 ? "too few to say" : percent(l.mean_share), String(+l.marks.toFixed(1)),
    ]);
    const worth = make("p", "Certainty 2 pays from about 67 right in 100, certainty 3 from 80.");
    const svg = draw("svg", { viewBox: "0 0 640 260", role: "img", class: "calibration" });
    svg.append(draw("line", { x1: 60, y1: 220, x2: 620, y2: 220, class: "axis" }), draw("line", { x1: 60, y1: 20, x2: 60, y2: 220, class: "axis" }));
    for (const share of [0, 0.5, 1]) svg.append(draw("text", { x: 52, y: 225 - share * 200, "text-anchor": "end" }, percent(share)));
    // From here each certainty is the best choice (Gardner-Medwin's break-evens).
    for (const [level, from] of [[2, 2 / 3], [3, 0.8]]) svg.append(draw("line", { x1: level * 170 - 50, x2: level * 170 + 90, y1: 220 - from * 200, y2: 220 - from * 200, class: "pays" }));
    for (const l of certain) {
      svg.append(draw("text", { x: l.level * 170 + 20, y: 245, "text-anchor": "middle" }, `certainty ${l.level}, n = ${l.n}`));
      if (l.n >= 5) svg.append(draw("circle", { cx: l.level * 170 + 20, cy: 220 - l.mean_share * 200, r: 8, class: "closer" }));
    }
    svg.setAttribute("aria-label", `How often right at each certainty: ${rows.map((/** @type {string[]} */ r) => `${r[0]}, ${r[1]} answers, ${r[2]}`).join("; ")}.`);
    const list = wrong.map((/** @type {any} */ w) => make("li", [link(w.item)]));
    return [
      table(["", "answers", "right", "won or lost"], rows), svg, worth,
      ...(list.length ? [make("p", "Certain, and of another mind than the course:"), make("ul", list)] : []),
    ];
  };

  const checked = (/** @type {any} */ check) => {
    const { before, after, gain } = check;
    if (!check.first || !before?.answered) return [make("p", "Not begun. The check is ten scenes before the chapters and ten similar ones after.")];
    const row = (/** @type {string} */ name, /** @type {any} */ form) => [
      name, `${form.answered} of ${form.of}`, form.agreement === null ? "–" : percent(form.agreement),
      form.half_width === null ? "–" : `give or take ${Math.round(form.half_width * 100)}`,
    ];
    const said = gain
      ? `${points(gain.gain)}, ${gain.half_width === null ? "with too few answers to say how sure that is" : `give or take ${Math.round(gain.half_width * 100)}`}. With ten scenes each, most gains of one person are noise. This is no grade.`
      : "The other ten come after the chapters.";
    return [table(["", "answered", "agreement", "95% interval, points"], [row("Before", before), row("After", after)]), make("p", said)];
  };

  /** @param {HTMLElement} root @param {any} found */
  const drawRecord = (root, found) => {
    const begun = found.chapters.filter((/** @type {any} */ c) => c.items);
    fill(root, "chapters", [
      table(["Chapter", "answered", "core", "agreement", "practice"], begun.map((/** @type {any} */ c) => [
        title(c.chapter), `${c.answered} of ${c.items}`, c.core ? `${c.core_answered} of ${c.core}` : "–", percent(c.agreement), String(c.practice),
      ])),
      make("p", `First attempts count; later ones are practice. ${AGREEMENT}`),
    ]);
    const rows = found.lean.rows.map((/** @type {any} */ r) => [
      r.chapter ? title(r.chapter) : r.zone === "all" ? "All" : `Zone ${r.zone}`, String(r.count),
      r.enough ? String(r.distant) : "too few to say", r.enough ? String(r.closer) : "",
    ]);
    fill(root, "lean", [...leanWords(found.lean.answers), table(["", "differed", "more distant", "closer"], rows)]);
    fill(root, "certain", certainty(found));
    const due = found.again.filter((/** @type {any} */ a) => a.due <= today());
    const later = found.again.filter((/** @type {any} */ a) => a.due > today());
    const line = (/** @type {any} */ a) => make("li", [link(a.serve), ` since ${a.due}`]);
    fill(root, "again", [
      due.length ? make("p", `${due.length} due, the longest overdue first.`) : make("p", "Nothing is due today."),
      make("ul", due.slice(0, AT_ONCE).map(line)),
      ...(due.length > AT_ONCE ? [make("details", [make("summary", `The other ${due.length - AT_ONCE}`), make("ul", due.slice(AT_ONCE).map(line))])] : []),
      ...(later.length ? [make("p", `Next: ${later.length} later, the first on ${later[0].due}.`)] : []),
    ]);
    fill(root, "check", checked(found.check));
    const texts = (/** @type {any[]} */ list, /** @type {string} */ none) =>
      list.length ? list.map((e) => make("blockquote", [make("p", [link(e.item)]), make("p", e.text)])) : [make("p", none)];
    fill(root, "sentences", texts(found.sentences, "None yet."));
    fill(root, "dissents", texts(found.dissents, "None yet. After the reasons of a scene there is a place for one."));
    for (const [index, dissent] of found.dissents.entries()) if (!dissent.share_it) root.querySelectorAll('[data-slot="dissents"] blockquote')[index]?.classList.add("unprinted");
    const scope = /** @type {HTMLSelectElement} */ (root.querySelector('[data-do="scope"]'));
    if (!scope.options.length) {
      scope.append(...begun.map((/** @type {any} */ c) => make("option", title(c.chapter), { value: c.chapter })), make("option", "Everything", { value: "" }));
    }
  };

  /** @param {HTMLElement} root */
  const recordPage = async (root) => {
    const state = /** @type {HTMLElement} */ (root.querySelector(".report-state"));
    const body = /** @type {HTMLElement} */ (root.querySelector(".report-body"));
    const done = /** @type {HTMLElement} */ (root.querySelector(".report-done"));
    const name = /** @type {HTMLInputElement} */ (root.querySelector('[data-do="name"]'));
    let digest = "";
    /** Who, when, and what the file can be held against. */
    const sign = () => {
      const days = record.all().filter((/** @type {any} */ e) => e.kind === "attempt").map((/** @type {any} */ e) => e.time.slice(0, 10)).sort();
      const parts = [
        name.value.trim() && `Name: ${name.value.trim()}.`,
        days.length && `Answered from ${days[0]} to ${days[days.length - 1]}.`,
        `Printed ${today()}.`,
        digest && `Digest ${digest}. It shows that a file was not altered by accident; it is no proof of who answered.`,
      ];
      for (const place of root.querySelectorAll(".report-digest")) place.textContent = parts.filter(Boolean).join(" ");
    };
    const refresh = async () => {
      try {
        const found = await summary();
        drawRecord(root, found);
        const file = await python.call("export", JSON.stringify([record.all(), record.now(), name.value]));
        digest = file.digest;
        sign();
        state.textContent = record.keeps()
          ? `${found.count} attempts, kept in this browser and nowhere else.`
          : record.full()
            ? `${found.count} attempts. This browser’s storage is full, so it keeps no more. Save them to a file.`
            : "This browser keeps nothing for this page. What is here is gone when you leave it, unless you save it to a file.";
      } catch (error) {
        state.textContent = `${/** @type {Error} */ (error).message} Your answers are safe; saving them to a file still works.`;
      }
      body.hidden = false;
    };
    name.value = record.setting("name") ?? "";
    name.addEventListener("input", () => {
      record.set("name", name.value);
      sign();
    });
    const sure = /** @type {HTMLInputElement} */ (root.querySelector('[data-do="certainty"]'));
    sure.checked = record.setting("certainty") === "on";
    sure.addEventListener("change", () => record.set("certainty", sure.checked ? "on" : "off"));
    root.addEventListener("click", async (event) => {
      const what = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"))?.dataset.do;
      if (what === "export") done.textContent = await record.save(name.value);
      if (what === "print") print();
      if (what === "over") {
        const chapter = /** @type {HTMLSelectElement} */ (root.querySelector('[data-do="scope"]')).value;
        await record.add("reset", chapter ? { scope: "chapter", target: chapter } : { scope: "all", target: "" });
        done.textContent = `Started over: ${chapter ? title(chapter) : "everything"}.`;
      }
    });
    root.querySelector('[data-do="import"]')?.addEventListener("change", async (event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const file = input.files?.[0];
      if (!file) return;
      try {
        const text = await file.text();
        let data = text; // of a file that is cut off or damaged: what is whole in it is read
        try {
          data = JSON.parse(text);
        } catch {}
        const { events, set_aside: aside } = await python.call("read", `[${JSON.stringify(data)}]`);
        const added = await record.merge(events);
        done.textContent = `${file.name}: ${added} new entries, ${events.length - added} that were here already.`;
        if (aside.length) {
          record.download("set-aside.json", aside);
          done.textContent += ` ${aside.length} could not be read (${aside[0].why.replace(/\.$/, "")}); saved as set-aside.json, so nothing is lost.`;
        }
      } catch (error) {
        done.textContent = `${file.name} was not read: ${/** @type {Error} */ (error).message} Nothing here has changed.`;
      }
      input.value = "";
    });
    record.watch(() => void refresh());
    await refresh();
  };

  /** @param {HTMLElement} root */
  const forget = (root) => {
    const button = /** @type {HTMLButtonElement} */ (root.querySelector('[data-do="forget"]'));
    const said = /** @type {HTMLElement} */ (root.querySelector('[role="status"]'));
    button.hidden = false;
    let asked = false;
    button.addEventListener("click", async () => {
      if (!asked) {
        asked = true;
        button.textContent = "Forget it all: press again";
        said.textContent = "Every answer, sentence and setting in this browser will be erased. A file you saved stays yours.";
        return;
      }
      asked = false;
      button.textContent = "Forget this device";
      try {
        await record.forget();
        said.textContent = "Done. This browser keeps nothing of the course any more.";
      } catch {
        said.textContent = "This browser did not let go. Clear this site’s data in its settings, and all of it is gone.";
      }
    });
  };

  /** @param {HTMLElement} root */
  const leanPage = async (root) => {
    const selects = /** @type {HTMLSelectElement[]} */ ([...root.querySelectorAll("[data-filter]")]);
    const filters = /** @type {HTMLElement} */ (root.querySelector(".report-filters"));
    filters.hidden = false;
    for (const select of selects) {
      const field = /** @type {string} */ (select.dataset.filter);
      for (const value of new Set(items.map((item) => item[field])))
        select.append(make("option", field === "chapter" ? title(value) : value, { value }));
    }
    const refresh = async () => {
      try {
        const { lean } = await summary();
        const answers = lean.answers.filter((/** @type {any} */ a) => selects.every((s) => !s.value || a[s.dataset.filter ?? ""] === s.value));
        fill(root, "lean", leanWords(answers));
      } catch (error) {
        fill(root, "lean", [make("p", /** @type {Error} */ (error).message)]);
      }
    };
    for (const select of selects) select.addEventListener("change", () => void refresh());
    record.watch(() => void refresh());
    await refresh();
  };

  /** @param {HTMLElement} root */
  const checkPage = async (root) => {
    const state = /** @type {HTMLElement} */ (root.querySelector(".report-state"));
    const button = /** @type {HTMLButtonElement} */ (root.querySelector('[data-do="second"]'));
    /** @param {string} form */
    const form = (form) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(`ethics-vignette[data-id^="check/${form}-"]`)]);
    const drawn = () => record.all().filter((/** @type {any} */ e) => e.kind === "check").sort((/** @type {any} */ a, /** @type {any} */ b) => (a.time + a.id < b.time + b.id ? -1 : 1))[0];
    if (!drawn()) await record.add("check", { first: crypto.getRandomValues(new Uint8Array(1))[0] % 2 ? "a" : "b" });
    let opened = false;
    const refresh = async () => {
      const first = drawn()?.first ?? "a";
      const second = first === "a" ? "b" : "a";
      const answered = (/** @type {string} */ name) => form(name).filter((v) => record.latest(v.dataset.id).attempts).length;
      const show = opened || answered(second) > 0;
      for (const v of form(first)) v.hidden = false;
      for (const v of form(second)) v.hidden = !show;
      button.hidden = show || answered(first) < form(first).length;
      state.textContent = `Before: ${answered(first)} of ${form(first).length} answered. After: ${answered(second)} of ${form(second).length}.`;
      try {
        fill(root, "check", checked((await summary()).check));
      } catch (error) {
        fill(root, "check", [make("p", /** @type {Error} */ (error).message)]);
      }
    };
    button.addEventListener("click", () => {
      opened = true;
      void refresh();
    });
    record.watch(() => void refresh());
    await refresh();
  };

  /** @param {HTMLElement} root */
  const planPage = async (root) => {
    const button = /** @type {HTMLButtonElement} */ (root.querySelector('[data-do="print"]'));
    button.addEventListener("click", () => print());
    const refresh = () => {
      const plan = items.filter((item) => item.id.startsWith("capstone/plan-"));
      const written = plan.map((item) => [item, record.latest(item.id).say?.text]).filter(([, text]) => text);
      button.hidden = !written.length;
      fill(root, "plan", written.length
        ? [make("dl", written.flatMap(([item, text]) => [make("dt", item.ask), make("dd", text)]))]
        : [make("p", "What you write above comes together here.")]);
    };
    record.watch(refresh);
    refresh();
  };

  const pages = { record: recordPage, forget, lean: leanPage, check: checkPage, plan: planPage };
  void record.ready.then(() => {
    for (const root of reports) void pages[/** @type {keyof typeof pages} */ (root.dataset.report)](root);
  });
})();
