from matplotlib.figure import Figure

from widgets.figures import family_requests as figure


def test_the_numbers_of_the_abstract() -> None:
    assert figure.ANSWERED == 465
    assert [share for _, share in figure.FINDINGS] == [99, 83, 80, 72, 22]


def test_the_words_hold_every_number() -> None:
    words = figure.describe()
    assert "465" in words
    assert all(f"{share}%" in words for _, share in figure.FINDINGS)


def test_the_drawing_labels_every_dot() -> None:
    canvas = Figure(figsize=(6.4, 4.0))
    figure.draw(canvas)
    texts = [text.get_text() for text in canvas.axes[0].texts]
    assert all(what in texts and f"{share}%" in texts for what, share in figure.FINDINGS)
    assert all(text.get_fontsize() >= 10 for text in canvas.axes[0].texts)


def test_it_is_data_with_its_caveat() -> None:
    assert figure.MODEL == ""
    assert not figure.SLIDERS
    assert "not friends" in figure.CAVEAT
    assert figure.SOURCES == ("lapuma1991physicians",)
