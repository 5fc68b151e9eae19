from matplotlib.figure import Figure

from widgets.figures import who_needs_help as figure


def test_the_numbers_are_those_of_the_surveys() -> None:
    assert [round(percent) for _, _, percent, _ in figure.FINDINGS] == [84, 67, 61]
    assert set(figure.SOURCES) == {"pope1994therapists", "tay2018mental"}


def test_the_words_hold_the_numbers() -> None:
    for number in ("84%", "two-thirds", "61%", "678"):
        assert number in figure.describe()
    for caveat in ("800", "59.5%", "unclear"):
        assert caveat in figure.CAVEAT


def test_it_draws_one_dot_a_finding_and_leaves_suicide_out() -> None:
    canvas = Figure(figsize=(6.4, 4.0))
    figure.draw(canvas)
    (axes,) = canvas.axes
    assert sum(line.get_marker() == "o" for line in axes.lines) == 3
    written = " ".join(text.get_text() for text in axes.texts) + figure.describe() + figure.CAVEAT
    assert "suicid" not in written.lower()
