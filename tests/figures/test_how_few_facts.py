from matplotlib.figure import Figure as Canvas

from widgets.figures import HEIGHT, WIDTH, how_few_facts


def test_the_five_shares_are_those_of_the_sources():
    assert [(share, author) for _, share, author in how_few_facts.SHARES] == [
        (87, "Sweeney 2000"),
        (63, "Golle 2006"),
        (53, "Sweeney 2000"),
        (18, "Sweeney 2000"),
        (0.04, "Sweeney 2000"),
    ]


def test_alt_text_holds_every_share_and_both_methods():
    text = how_few_facts.describe()
    for _, share, author in how_few_facts.SHARES:
        assert f"{share:g}%" in text
        assert author.split()[0] in text


def test_caveat_says_that_two_methods_are_no_fall():
    assert "two methods" in how_few_facts.CAVEAT
    assert "not the same as “found”" in how_few_facts.CAVEAT
    assert how_few_facts.MODEL == ""


def test_every_share_is_drawn_at_its_place_with_its_number():
    canvas = Canvas(figsize=(WIDTH, HEIGHT))
    how_few_facts.draw(canvas)
    (axes,) = canvas.axes
    markers = [line for line in axes.lines if line.get_marker() in ("o", "s")]
    assert [line.get_xdata()[0] for line in markers] == [87, 63, 53, 18, 0.04]
    assert [line.get_marker() for line in markers] == ["o", "s", "o", "o", "o"]
    words = [text.get_text() for text in axes.texts]
    for share in ("87%", "63%", "53%", "18%", "0.04%"):
        assert share in words
    assert all(text.get_fontsize() >= 10 for text in axes.texts)
