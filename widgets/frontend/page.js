// @ts-check
/**
 * The built page's side: hands every vignette the page's Python and the reader's record.
 *
 * A classic script, since a browser refuses module files from file://. The constant below is filled in, when the
 * book is built, with the text of vignette.js. python.js and record.js stand before this in course.js.
 */
(() => {
  // @ts-expect-error: the name stands for a string until the book is built
  const vignetteSource = __VIGNETTE_JS__;
  const python = /** @type {any} */ (self).coursePython;
  const record = /** @type {any} */ (self).courseRecord;
  const vignettes = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("ethics-vignette")]);

  /**
   * Grades an answer with widgets/grading.py.
   * @param {string} id @param {any} answer @param {number | null} [certainty]
   */
  const grade = async (id, answer, certainty = null) => {
    const element = document.querySelector(`ethics-vignette[data-id="${CSS.escape(id)}"]`);
    if (!element) throw new Error(`This page has no vignette ${id}.`);
    const item = element.querySelector(".vignette-item")?.textContent;
    if (!item) throw new Error(`The vignette ${id} is never graded.`);
    return python.call("grade", `[${item}, ${JSON.stringify(answer ?? null)}, ${JSON.stringify(certainty)}]`);
  };

  /** @type {any} */ (self).course = { grade };

  /** Without the module nothing answers: say so, and open the reasons that the page has anyway. @param {string} message */
  const giveUp = (message) => {
    for (const element of vignettes) {
      const status = element.querySelector(".vignette-outcome");
      const reasons = element.querySelector("details.vignette-reasons");
      if (status) status.textContent = message;
      if (reasons instanceof HTMLDetailsElement) reasons.open = true;
    }
  };

  /** What an attempt leaves in the record: what was answered and what came of it, not the words. @param {any} result */
  const kept = ({ marks, out_of, share, verdict, lean = null, ending = null, certainty }) => ({
    certainty: certainty?.level ?? null,
    marks,
    out_of,
    share,
    verdict,
    lean,
    ending,
  });

  /** @param {HTMLElement} element @param {any} module */
  const attach = (element, module) => {
    const { id = "", version } = element.dataset;
    const after = /** @type {HTMLElement | null} */ (element.querySelector(".vignette-after"));
    const view = module.attach(element, {
      grade: async (/** @type {any} */ answer, /** @type {number | null} */ certainty) => ({
        result: await grade(id, answer, certainty),
      }),
      reveal: async () => undefined,
      record(/** @type {any} */ event) {
        const { kind } = event;
        /** @type {object} */
        let more = {};
        if (kind === "attempt") more = { version, answer: event.answer, ...kept(event.result) };
        if (kind === "say") more = { text: event.text };
        here = element;
        void record.add(kind, { item: id, ...more });
        if (after) after.hidden = false;
      },
    });

    const box = /** @type {HTMLTextAreaElement | null | undefined} */ (after?.querySelector("textarea"));
    const share = /** @type {HTMLInputElement | null | undefined} */ (after?.querySelector('input[type="checkbox"]'));
    after?.addEventListener("click", async (event) => {
      const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"));
      if (button?.dataset.do === "dissent" && box) {
        await record.add("dissent", { item: id, text: box.value.trim(), share_it: share?.checked ?? false });
        const said = button.nextElementSibling;
        if (said) said.textContent = record.keeps() ? "Kept in this browser." : "Kept until you leave this page.";
      }
      if (button?.dataset.do === "over" && after) {
        await record.add("reset", { scope: "item", target: id });
        after.hidden = true;
        view.startOver();
      }
    });

    /** Brings back what was answered here before. */
    const restore = async () => {
      const { attempt, revealed, say, dissent } = record.latest(id);
      if (dissent && box && share) {
        box.value = dissent.text;
        share.checked = dissent.share_it;
      }
      if (element.dataset.state !== "untouched") return;
      if (say) view.showSaid(say.text);
      if (attempt) {
        try {
          view.showGraded(attempt.answer, { result: await grade(id, attempt.answer, attempt.certainty) });
          const said = element.querySelector(".vignette-outcome");
          if (said && attempt.version && attempt.version !== version) said.append(" The scene has changed since you answered it.");
        } catch {
          return; // the item has changed since: its old answer no longer fits, and the record keeps it
        }
      } else if (revealed) view.showRevealed();
      if (after && (attempt || revealed || say)) after.hidden = false;
    };
    return restore;
  };

  // Says when nothing is kept, and when much is in no file. It was there before, so that it is read out; and it hands
  // over the file itself, since where nothing is kept a step to another page would lose what is here.
  const notice = document.createElement("div");
  const told = document.createElement("p");
  const save = document.createElement("button");
  notice.className = "record-notice";
  told.setAttribute("role", "status");
  save.type = "button";
  save.textContent = "Save them to a file";
  save.hidden = true;
  notice.append(told, save);
  save.addEventListener("click", async () => {
    told.textContent = await record.save(record.setting("name") ?? "");
    save.hidden = true;
  });
  /** @type {HTMLElement | undefined} */
  let here; // the vignette that was answered last
  const warn = () => {
    const lost = !record.keeps();
    const many = record.unsaved() >= 5;
    if (lost && told.textContent && !record.atRisk()) return; // said, and all of it is in a file
    let text = "";
    if (lost && record.full())
      text = "This browser’s storage is full. It still has what it kept before, but what you answer now is lost when you leave this page.";
    else if (lost)
      text = "This browser keeps nothing for this page (a private window, or storage that is full or blocked). Your answers are lost when you leave it.";
    else if (many)
      text = "Five answers or more are in no file yet. Browsers can clear what pages keep; Safari does after seven days without a visit.";
    if (here && text && (lost || !told.textContent) && here.nextElementSibling !== notice) here.after(notice); // where the reader is
    save.hidden = lost ? !record.all().length : !many;
    if (told.textContent !== text) told.textContent = text; // not read out again with every answer
  };
  addEventListener("beforeunload", (event) => record.atRisk() && event.preventDefault());

  // On paper the reasons come after the chapter, so that a reader can answer first.
  /** @type {HTMLDetailsElement[]} */
  const folded = [];
  const paper = () => {
    const end = document.createElement("section");
    end.className = "printed";
    const heading = document.createElement("h2");
    heading.textContent = "Reasons";
    end.append(heading);
    const shown = vignettes.filter((element) => !element.hidden); // the check draws one of its two forms
    shown.forEach((element, index) => {
      const reasons = /** @type {HTMLDetailsElement | null} */ (element.querySelector("details.vignette-reasons"));
      const note = /** @type {HTMLDetailsElement | null} */ (element.querySelector("details.vignette-note:not([open])"));
      if (note) {
        note.open = true;
        folded.push(note);
      }
      if (!reasons) return;
      const copy = /** @type {HTMLDetailsElement} */ (reasons.cloneNode(true));
      copy.hidden = false;
      for (const details of [copy, .../** @type {NodeListOf<HTMLDetailsElement>} */ (copy.querySelectorAll("details"))]) details.open = true;
      element.dataset.printed = String(index + 1);
      const summary = copy.querySelector("summary");
      if (summary) summary.textContent = `To scene ${index + 1}`;
      for (const hidden of /** @type {NodeListOf<HTMLElement>} */ (copy.querySelectorAll("[data-part], [data-ending]"))) hidden.hidden = false;
      end.append(copy);
    });
    if (shown.length) document.querySelector("main")?.append(end);
  };
  addEventListener("beforeprint", paper);
  addEventListener("afterprint", () => {
    document.querySelector(".printed")?.remove();
    for (const note of folded.splice(0)) note.open = false; // a hard scene stays folded on the screen
  });

  const start = async () => {
    if (!vignettes.length) return;
    document.querySelector("main")?.prepend(notice);
    /** @type {any} */
    let module;
    try {
      module = await import(URL.createObjectURL(new Blob([vignetteSource], { type: "text/javascript" })));
    } catch {
      giveUp("This page may not run its own script here, so answers cannot be checked. The reasons follow, unscored.");
      return;
    }
    if (record.setting("certainty") === "on")
      for (const asked of /** @type {NodeListOf<HTMLFieldSetElement>} */ (document.querySelectorAll(".vignette-certainty")))
        asked.hidden = asked.disabled = false;
    const restores = vignettes.map((element) => attach(element, module));
    await record.ready;
    const restore = () => restores.forEach((one) => void one());
    restore();
    record.watch(() => {
      restore(); // another tab has answered
      warn();
    });
    if (!record.keeps()) warn();
    const near = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        near.disconnect();
        python.start().catch(() => {}); // said when an answer is checked
      },
      { rootMargin: "600px" },
    );
    const watch = () => vignettes.forEach((element) => near.observe(element));
    if (document.readyState === "complete") watch();
    else addEventListener("load", watch, { once: true });
  };

  void start();
})();
