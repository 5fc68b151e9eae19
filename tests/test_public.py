import subprocess
import sys

import pytest

import widgets


def imported(statement: str) -> set[str]:
    """The modules that a fresh interpreter has after a statement, and had not before."""
    code = f"import sys; before = set(sys.modules); {statement}; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def ours(statement: str) -> set[str]:
    return {name for name in imported(statement) if name.partition(".")[0] == "widgets"}


def test_a_chapter_may_use_these_names():
    assert widgets.__all__ == ["classroom", "explore", "panel", "present", "records", "report", "vignette"]
    for name in widgets.__all__:
        assert (getattr(widgets, name).__doc__ or "").strip()


def test_a_chapters_first_cell_can_be_run_again_after_its_vignettes():
    # Python would put the module widgets.vignette in the function's place.
    code = "from widgets import vignette; vignette('practice/making-tea')"
    subprocess.run([sys.executable, "-c", f"{code}; import widgets.vignette, widgets.explorer; {code}"], check=True)


def test_what_is_imported_by_the_package_s_name_stays_a_function():
    code = "import widgets.present, widgets.classroom.room; from widgets import classroom, present"
    subprocess.run([sys.executable, "-c", f"{code}; assert callable(classroom) and callable(present)"], check=True)


def test_an_unknown_vignette_names_the_nearest_ids():
    with pytest.raises(KeyError) as error:
        widgets.vignette("practice/neighbour-plant")
    assert "There is no vignette 'practice/neighbour-plant'" in error.value.args[0]
    assert "practice/neighbours-plants" in error.value.args[0]


def test_a_name_that_is_like_no_other_says_where_to_look():
    with pytest.raises(KeyError, match=r"chapters/\*\.yml"):
        widgets.vignette("zzz")


def test_an_unknown_figure_names_those_there_are():
    with pytest.raises(KeyError, match="ladder-of-help"):
        widgets.explore("ladder-of-hope")


def test_a_slider_that_the_figure_has_not_got_is_named():
    with pytest.raises(ValueError, match=r"has no slider 'enemies'.*friends"):
        widgets.explore("nobody-with-a-diagnosis", enemies=[1])


def test_the_report_of_a_class_is_a_function_whatever_was_imported_before():
    # widgets.report is also the module that draws a reader's own record.
    code = "import widgets.report, widgets.analysis.panel; from widgets import report, panel, records; assert callable(report)"
    subprocess.run([sys.executable, "-c", f"{code}; import widgets.report; {code}"], check=True)


# Imports point one way.


def test_the_grader_imports_nothing():
    assert imported("import widgets.grading") - imported("import widgets") == {"widgets.grading"}


def test_the_bank_knows_nobody():
    assert {name for name in ours("import widgets.bank") if not name.startswith("widgets.bank")} == {"widgets"}


def test_the_markup_knows_the_bank_only():
    found = {name for name in ours("import widgets.markup") if not name.startswith("widgets.bank")}
    assert found == {"widgets", "widgets.markup"}


@pytest.mark.parametrize("statement", ["import widgets", "import widgets.markup", "import widgets.__main__"])
def test_no_widget_machinery_is_loaded_where_nothing_is_shown(statement):
    tops = {name.partition(".")[0] for name in imported(statement)}
    assert not tops & {"ipywidgets", "anywidget", "matplotlib", "sphinx", "IPython", "pandas", "scipy"}
