"""What the built pages load, beside their own HTML: scripts, the Python runtime, the style sheet, pictures."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

from .style import page_style

HERE = Path(__file__).parent
FRONTEND = HERE / "frontend"
RUNTIME = FRONTEND / "node_modules" / "@micropython" / "micropython-webassembly-pyscript"
IDB = FRONTEND / "node_modules" / "idb-keyval" / "dist"
# The chapters that have a picture; widgets/art.py draws them.
PICTURES = (
    "welcome",
    "boundaries",
    "objectivity",
    "confidentiality",
    "power",
    "dual-relationships",
    "support",
    "capstone",
)
MODULES = ("grading.py", "record.py", "progress.py")  # what the page imports on MicroPython


def theme_script() -> str:
    return (FRONTEND / "theme.js").read_text(encoding="utf-8").strip()


def policy() -> str:
    """The page's content security policy: its own folder, Blobs for the Python runtime, and one inline script."""
    digest = base64.b64encode(hashlib.sha256(theme_script().encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval' 'sha256-{digest}'; worker-src blob:; "
        "connect-src 'self' blob:; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "base-uri 'none'; form-action 'self'"
    )


def version() -> str:
    """Changes with anything that the pages load, so that a browser's cache never mixes two builds."""
    digest = hashlib.sha256()
    for path in [
        *sorted(FRONTEND.glob("*.*")),
        *(HERE / name for name in MODULES),
        HERE / "palette.py",
        RUNTIME / "package.json",
    ]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def course_script() -> str:
    """The page's scripts in one file, in the order in which they need each other."""
    vignette = json.dumps((FRONTEND / "vignette.js").read_text(encoding="utf-8"), ensure_ascii=False)
    parts = [(IDB / "umd.js").read_text(encoding="utf-8")]
    parts += [(FRONTEND / name).read_text(encoding="utf-8") for name in ("python.js", "record.js", "page.js")]
    return "\n;\n".join(parts).replace("__VIGNETTE_JS__", vignette)


def runtime_script() -> str:
    """MicroPython and the grader as one classic script; FileNotFoundError names what to install."""
    if not (RUNTIME / "micropython.wasm").exists():
        raise FileNotFoundError("The page's Python runtime is missing. Run: pip install -r requirements.txt")
    runtime = {
        "mjs": (RUNTIME / "micropython.mjs").read_text(encoding="utf-8"),
        "wasm": base64.b64encode((RUNTIME / "micropython.wasm").read_bytes()).decode(),
        "modules": {name: (HERE / name).read_text(encoding="utf-8") for name in MODULES},
        "main": (FRONTEND / "main.py").read_text(encoding="utf-8"),
    }
    return f"self.courseRuntime = {json.dumps(runtime, ensure_ascii=False)};\n"


def write_assets(static: Path) -> None:
    """Write all of it into the built book's ``_static`` folder."""
    write(static / "course.css", page_style())
    write(static / "course.js", course_script())
    write(static / "runtime.js", runtime_script())
    drawn = max((HERE / name).stat().st_mtime for name in ("art.py", "palette.py"))
    for chapter in PICTURES:
        for theme in ("light", "dark"):
            path = static / "art" / f"{chapter}-{theme}.svg"
            if (
                not path.exists() or path.stat().st_mtime < drawn
            ):  # drawing is a quarter of a build that has nothing to do
                from . import art  # and so is matplotlib

                write(path, art.picture(chapter, dark=theme == "dark"))
    for name in ("book.js", "explorer.js", "report.js", "favicon.svg"):
        write(static / name, (FRONTEND / name).read_text(encoding="utf-8"))


def write(path: Path, text: str) -> None:
    """Write a file, and the folders above it if they are not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
