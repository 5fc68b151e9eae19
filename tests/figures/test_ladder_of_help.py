from matplotlib.figure import Figure

from widgets.figures import ladder_of_help as figure


def test_seven_rungs_from_company_to_treatment() -> None:
    assert len(figure.RUNGS) == 7
    assert figure.RUNGS[0][0] == "Company"
    assert figure.RUNGS[-1][0] == "Treatment"


def test_reliance_begins_in_a_band_below_an_opinion_on_the_person() -> None:
    low, high = figure.BAND
    assert high > low
    assert figure.RUNGS[high - 1][0] == "An opinion on you"


def test_the_words_name_every_rung_and_the_band() -> None:
    words = figure.describe()
    assert all(f"{number} {name.lower()}" in words for number, (name, _) in enumerate(figure.RUNGS, start=1))
    assert "between rungs 4 and 5" in words


def test_the_drawing_labels_every_rung() -> None:
    canvas = Figure(figsize=(6.4, 4.0))
    figure.draw(canvas)
    texts = [text.get_text() for text in canvas.axes[0].texts]
    assert all(name in texts and example in texts for name, example in figure.RUNGS)
    assert all(text.get_fontsize() >= 10 for text in canvas.axes[0].texts)


def test_it_claims_no_data() -> None:
    assert (figure.MODEL, figure.SOURCES, figure.SLIDERS) == ("", (), {})
    assert "own picture" in figure.CAVEAT
