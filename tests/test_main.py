import re
import subprocess
import sys
from pathlib import Path

import pytest
from sample_course import Course

COURSE = Path(__file__).parents[1]


def check(*arguments: str | Path, cwd: Path = COURSE) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "widgets", "check", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path)


def test_the_course_has_no_fault_and_the_table_has_a_row_for_each_chapter():
    done = check()
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split() for line in done.stdout.split("\n\n")[0].splitlines()]
    assert rows[0][0] == "chapter"
    banks = {path.stem for path in (COURSE / "chapters").glob("*.yml")} - {"standards"}
    assert {row[0] for row in rows[1:]} == banks
    for chapter, items, say, *_ in rows[1:]:
        entries = re.findall(
            r"^- id:", (COURSE / "chapters" / f"{chapter}.yml").read_text(encoding="utf-8"), re.MULTILINE
        )
        assert int(items) + int(say) == len(entries)


def test_another_course_is_checked_from_anywhere(course, tmp_path):
    elsewhere = check("--course", course.root, cwd=Path(sys.prefix))
    assert (elsewhere.returncode, elsewhere.stderr) == (0, "")
    assert check(cwd=course.root).stdout == elsewhere.stdout
    assert elsewhere.stdout.splitlines()[0].startswith("chapter")


def test_each_fault_is_one_line_with_file_line_item_and_field(course):
    first = course.change("marks: 4", "§marks: nine")
    second = course.change("code-p:1.2", "code-p:§9.9")
    done = check("--course", course.root)
    assert done.returncode == 1
    assert done.stderr == "2 faults.\n"
    lines = done.stdout.splitlines()
    assert [
        re.match(r"chapters/sample\.yml:(\d+): (sample/[a-z-]+): ([a-z0-9.]+): \S", line).groups() for line in lines
    ] == [
        (str(first), "sample/party", "options.0.marks"),
        (str(second), "sample/two-steps", "standards.0.cite"),
    ]
    assert lines == course.faults()


def test_one_fault_is_counted_as_one(course):
    course.change("marks: 4", "marks: nine")
    assert check("--course", course.root).stderr == "1 fault.\n"


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("chapters/sample.yml", "- id: a\n\tformat: best\n", "chapters/sample.yml:2: "),
        ("chapters/sample.yml", "", "chapters/sample.yml:1: "),
        ("chapters/standards.yml", "", "chapters/standards.yml:1: "),
        ("references.bib", "@article{broken,", "references.bib:"),
    ],
    ids=["a tab", "an empty bank", "no standards", "a broken bibliography"],
)
def test_nothing_that_an_author_can_do_ends_in_a_traceback(course, file, text, said):
    course.write(text, file)
    done = check("--course", course.root)
    assert done.returncode == 1
    assert re.fullmatch(r"\d+ faults?\.\n", done.stderr)
    assert any(line.startswith(said) for line in done.stdout.splitlines())


def test_a_folder_without_a_course_is_a_fault(tmp_path):
    done = check("--course", tmp_path)
    assert done.returncode == 1
    assert "there is no item bank" in done.stdout


def test_a_command_is_asked_for():
    done = subprocess.run([sys.executable, "-m", "widgets"], cwd=COURSE, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "check" in done.stderr
