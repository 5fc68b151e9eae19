import ast
import copy
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from ruamel.yaml import YAML

from widgets import figures
from widgets.bank import load_bank

COURSE = Path(__file__).parents[1]
CHAPTERS = sorted((COURSE / "chapters").glob("*.ipynb"))
NOTEBOOKS = sorted((COURSE / "chapters").rglob("*.ipynb"))
EVERY_CHAPTER = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
EVERY_NOTEBOOK = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
CHECKED = "# NBVAL_CHECK_OUTPUT"


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def code(path: Path) -> list[NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def kept(path: Path) -> list[NotebookNode]:
    return [cell for cell in code(path) if "keep_output" in cell.metadata.get("tags", [])]


def shown(path: Path, function: str) -> list[str]:
    """The first arguments of the calls of a function, in the notebook's order."""
    calls = [node for cell in code(path) for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
    return [ast.literal_eval(c.args[0]) for c in calls if isinstance(c.func, ast.Name) and c.func.id == function]


@EVERY_NOTEBOOK
def test_a_notebook_is_valid_and_names_the_kernel_that_everybody_has(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


@EVERY_NOTEBOOK
def test_only_the_checked_cells_of_a_notebook_are_committed_with_outputs(path):
    checked = [cell for cell in code(path) if cell.source.startswith(CHECKED)]
    assert checked
    assert checked == kept(path) == [cell for cell in code(path) if cell.outputs]
    assert all(cell.execution_count is None for cell in code(path))


def test_the_commit_hook_leaves_every_notebook_as_it_is(tmp_path):
    hooks = YAML(typ="safe").load(COURSE / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    program, *options = next(hook["entry"] for hook in hooks if hook["id"] == "nbstripout").split()
    copies = [Path(shutil.copy(path, tmp_path)) for path in NOTEBOOKS]
    subprocess.run([Path(sys.executable).with_name(program), *options, *copies], check=True)
    assert [read(path) for path in copies] == [read(path) for path in NOTEBOOKS]


def test_checked_outputs_really_are_compared(tmp_path):
    """nbval passes over a cell that has no execution count; chapters/conftest.py is there to prevent that."""
    shutil.copy(COURSE / "chapters" / "conftest.py", tmp_path)
    path = COURSE / "chapters" / "practice.ipynb"
    notebook = read(path)
    cells = [cell for cell in notebook.cells if cell.source.startswith(CHECKED)]
    notebook.cells = [*copy.deepcopy(cells), *cells]
    for cell in cells:
        cell.id += "-wrong"
        cell.outputs[0].data["text/plain"] = "'something else'"
    nbformat.write(notebook, tmp_path / "checked.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "-c", COURSE / "pyproject.toml", "--rootdir", tmp_path, tmp_path]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert f"{len(cells)} failed, {len(cells)} passed" in done.stdout
    assert "Cell outputs differ" in done.stdout


@EVERY_CHAPTER
def test_a_notebooks_code_is_plain_calls(path):
    """A chapter reads like a chapter: the import, one call a cell, and the checked cell at its end."""
    first, *cells = [cell for cell in code(path) if not cell.source.startswith(CHECKED)]
    assert first.source in ("from widgets import explore, vignette", "from widgets import vignette")
    assert "remove-cell" in first.metadata.tags
    for cell in cells:
        (statement,) = ast.parse(cell.source).body
        assert isinstance(statement, ast.Expr)
        assert isinstance(statement.value, ast.Call)
        assert statement.value.func.id in ("explore", "vignette")


@EVERY_CHAPTER
def test_a_chapters_notebook_shows_each_of_its_items_once_and_no_others(path):
    bank = [key for key, v in load_bank().items() if v.chapter == path.stem]
    assert bank
    assert Counter(shown(path, "vignette")) == Counter(bank)


@EVERY_CHAPTER
def test_every_figure_that_a_notebook_shows_exists_and_is_shown_once(path):
    names = shown(path, "explore")
    assert set(names) <= set(figures.names())
    assert len(set(names)) == len(names)
