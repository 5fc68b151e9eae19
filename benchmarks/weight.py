"""What each page weighs over the wire: bodies as sent, compressed, in thousands of bytes."""

from __future__ import annotations

from .setting import Setting
from .table import Row

BEFORE, WITH = 150, 450  # KB: before the Python runtime, and with it
RUNTIME = "/book/_static/runtime.js"

# Brings everything near the screen that waits for it: figures, their frames, the runtime.
TO_THE_FOOT = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
    scrollTo(0, y);
    await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 20)));
  }
}"""


def weigh(setting: Setting, page: str) -> tuple[float, float, float]:
    """KB on arrival without the runtime, of the runtime (0 if the page never asks for it), and read to the foot."""
    setting.server.sent.clear()
    with setting.fresh_page() as tab:
        tab.goto(setting.address(page), wait_until="networkidle")
        arrival = sum(sent.size for sent in setting.server.sent if sent.path != RUNTIME)
        tab.evaluate(TO_THE_FOOT)
        tab.wait_for_load_state("networkidle")
        tab.wait_for_timeout(500)  # networkidle does not come again once it has come
    sent = list(setting.server.sent)
    runtime = sum(s.size for s in sent if s.path == RUNTIME)
    return arrival / 1000, runtime / 1000, sum(s.size for s in sent) / 1000


def measure(setting: Setting) -> list[Row]:
    rows = []
    for page in setting.contents:
        arrival, runtime, foot = weigh(setting, page)
        if runtime:
            told = f"{arrival:.0f} KB, with the runtime {arrival + runtime:.0f} KB, read to its foot {foot:.0f} KB"
            target = f"at most {BEFORE} KB, {WITH} KB with the runtime"
        else:
            told, target = f"{arrival:.0f} KB, read to its foot {foot:.0f} KB", f"at most {BEFORE} KB"
        # The strictest reading: a reader who has seen the whole page has fetched all of it.
        rows.append(Row(f"weight of {page}", told, target, arrival <= BEFORE and foot <= (WITH if runtime else BEFORE)))
    return rows
