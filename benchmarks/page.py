"""A reader's first visit: how long from following the link to a graded answer, and how long a grade takes after."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from .setting import Asked, Setting, js
from .table import Row, Unmeasured, spread

AFTER_READY = 400  # ms from DOMContentLoaded to the first graded answer
A_GRADE = 5  # ms
GRADES = 1000

# Asks at an event of the page's: DOMContentLoaded is the first moment that a script of the page could, load the one at
# which the page itself starts its Python if a vignette is near. All times are from the start of the navigation.
COLD = """
if (location.protocol.startsWith("http")) window.benchmark = new Promise((done, failed) => {
  addEventListener(EVENT, async () => {
    try {
      const ready = performance.now();
      const { share } = await window.course.grade(ID, ANSWER);
      const graded = performance.now();
      const fetched = performance.getEntriesByType("resource").find((e) => e.name.includes("/runtime.js"));
      done({ ready, graded, share, runtime: fetched.startTime, arrived: fetched.responseEnd });
    } catch (error) {
      failed(error);
    }
  });
});
"""

MANY = """async ({ asked, count }) => {
  const from = performance.now();
  for (let n = 0; n < count; n += 1) {
    const [id, answer] = asked[n % asked.length];
    const { share } = await window.course.grade(id, answer);
    if (share !== 1) throw new Error(`${id}: the course's answer has share ${share}`);
  }
  return (performance.now() - from) / count;
}"""


@dataclass(frozen=True)
class Visit:
    """Milliseconds from the start of a navigation: an answer is asked for, then the runtime; it is there; so is a grade."""

    ready: float
    runtime: float
    arrived: float
    graded: float


def first_asked(setting: Setting, page: str) -> Asked:
    """The first vignette of a page that can be graded."""
    for asked in setting.asked(page):
        return asked
    raise Unmeasured(f"{page} has no vignette that is graded.")


def visit(setting: Setting, page: str, event: str = "DOMContentLoaded") -> Visit:
    """One visit by a browser that has never been there; its first answer is given at ``event``."""
    asked = first_asked(setting, page)
    script = COLD.replace("ID", js(asked.id)).replace("ANSWER", js(asked.answer)).replace("EVENT", js(event))
    with setting.fresh_page(script) as tab:
        tab.goto(setting.address(page))
        times = tab.evaluate("() => window.benchmark")
    if times.pop("share") != 1:
        raise Unmeasured(f"{asked.id}: the page does not grade the course's answer as a match.")
    return Visit(**times)


def measure(setting: Setting) -> list[Row]:
    page = setting.pages[0]
    visit(setting, page)  # the machine reads its files from disk, the server compresses
    visits = [visit(setting, page) for _ in range(setting.runs)]
    after = [v.graded - v.ready for v in visits]
    rows = [
        Row(f"{page}, cold: navigation to DOMContentLoaded", spread([v.ready for v in visits], " ms")),
        Row(f"{page}, cold: navigation to the first graded answer", spread([v.graded for v in visits], " ms")),
        Row(
            f"{page}, cold: DOMContentLoaded to the first graded answer",
            spread(after, " ms"),
            f"at most {AFTER_READY} ms",
            statistics.median(after) <= AFTER_READY,
        ),
    ]
    asked = [(a.id, a.answer) for a in setting.asked(page)]
    with setting.fresh_page() as tab:
        tab.goto(setting.address(page))
        tab.evaluate(MANY, {"asked": asked, "count": 100})
        each = [tab.evaluate(MANY, {"asked": asked, "count": GRADES}) for _ in range(setting.runs)]
    rows.append(
        Row(
            f"{page}: a grade, over {GRADES:,} in turn",
            spread(each, " ms", 2),
            f"at most {A_GRADE} ms",
            statistics.median(each) <= A_GRADE,
        )
    )
    return rows
