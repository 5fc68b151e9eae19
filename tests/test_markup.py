import functools
import json
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from secrets_of import rewritten, with_entry
from tree import classed, controls, tree, words

from widgets.bank import Vignette, load_bank
from widgets.bank.models import PanelFrom
from widgets.markup import BASES, LEVELS, Links, reasons_html, vignette_html

BANK = load_bank()
NOWHERE = Links()
EVERY_ITEM = pytest.mark.parametrize("key", list(BANK))
HOSTILE = '</script><script>alert(1)</script><img src="x" onerror="alert(1)"> &amp; "so" [go](javascript:alert(1))'


@functools.cache
def drawn(key: str, *, keyed: bool = True, links: Links = NOWHERE) -> Element:
    """The vignette's own element, read strictly."""
    (vignette,) = tree(vignette_html(BANK, key, keyed=keyed, links=links))
    return vignette


def of_format(format: str) -> list[Vignette]:
    found = [v for v in BANK.values() if v.entry.format == format]
    assert found, f"the bank has no {format}"
    return found


@EVERY_ITEM
@pytest.mark.parametrize("keyed", [True, False], ids=["keyed", "unkeyed"])
def test_an_item_is_drawn_as_one_well_nested_element_with_the_attributes_of_the_contract(key, keyed):
    vignette = drawn(key, keyed=keyed)
    assert vignette.tag == "ethics-vignette"
    assert vignette.get("data-id") == key
    assert vignette.get("data-format") == BANK[key].entry.format
    assert vignette.get("data-state") == "untouched"
    assert "data-marks" not in vignette.attrib
    assert "data-out-of" not in vignette.attrib


@EVERY_ITEM
def test_an_item_has_one_form_whose_buttons_wait_for_the_script(key):
    vignette = drawn(key)
    (form,) = vignette.iter("form")
    assert form.get("method") == "dialog"
    assert "action" not in form.attrib
    buttons = {words(b): b for b in form.iter("button") if not b.get("data-move")}
    submit = [name for name, b in buttons.items() if b.get("type") == "submit"]
    assert submit == ["Compare" if BANK[key].entry.format == "say" else "Check"]
    assert ("Show the reasons" in buttons) == (BANK[key].entry.format != "say")
    assert all("hidden" in b.attrib for b in buttons.values())
    assert all(b.get("type") in ("submit", "button") for b in vignette.iter("button"))


@EVERY_ITEM
def test_feedback_has_an_empty_status_to_go_to(key):
    vignette = drawn(key)
    (outcome,) = classed(vignette, "vignette-outcome")
    assert outcome.get("role") == "status"
    assert not [words(e) for e in vignette.iter() if e.get("role") == "status" and words(e)]


@EVERY_ITEM
@pytest.mark.parametrize("keyed", [True, False], ids=["keyed", "unkeyed"])
def test_every_control_has_a_label_and_every_fieldset_a_legend(key, keyed):
    vignette = drawn(key, keyed=keyed)
    labelled = [c for label in vignette.iter("label") if words(label) for c in controls(label)]
    assert labelled
    assert labelled == list(controls(vignette))
    for fieldset in vignette.iter("fieldset"):
        assert fieldset[0].tag == "legend"
        assert words(fieldset[0])


def asked(vignette: Element) -> list[Element]:
    """The controls of the answer itself."""
    (form,) = vignette.iter("form")
    return [c for c in controls(form) if c.get("name") != "certainty"]


def choices(asked: list[Element], type: str) -> list[str]:
    """The values of controls that must all be of one type and called *answer*."""
    assert all(c.get("type") == type and c.get("name") == "answer" for c in asked)
    return [c.get("value", "") for c in asked]


@EVERY_ITEM
def test_a_reader_is_asked_how_sure_only_where_a_rule_a_law_or_evidence_settles_it(key):
    entry = BANK[key].entry
    settled = entry.format in ("best", "estimate") and entry.basis in ("rule", "law", "evidence") and not entry.crisis
    fieldsets = classed(drawn(key), "vignette-certainty")
    assert len(fieldsets) == settled
    for fieldset in fieldsets:
        # Until it is switched on it stands in nobody's way, and in no answer.
        assert {"hidden", "disabled"} <= set(fieldset.attrib)
        assert [c.get("value") for c in controls(fieldset)] == ["1", "2", "3"]


@pytest.mark.parametrize(("format", "type"), [("best", "radio"), ("pick", "checkbox"), ("mark", "checkbox")])
def test_a_choice_is_called_answer_and_its_values_are_the_options_ids(format, type):
    for v in of_format(format):
        assert sorted(choices(asked(drawn(v.key)), type)) == sorted(
            o.id for o in getattr(v.entry, "options", None) or v.entry.spans
        )


def test_a_pick_says_how_many_and_tells_the_script():
    for v in of_format("pick"):
        (field,) = [e for e in drawn(v.key).iter("fieldset") if e.get("data-field") == "answer"]
        if v.entry.choose == "any":
            assert "data-choose" not in field.attrib
            assert "it may be none" in words(field[0])
        else:
            assert field.get("data-choose") == str(v.entry.choose)
            assert f"Choose {v.entry.choose}." in words(field[0])


def test_a_path_has_one_fieldset_a_step_and_each_choice_says_what_comes_next():
    for v in of_format("path"):
        fieldsets = {f.get("data-step"): f for f in drawn(v.key).iter("fieldset")}
        assert list(fieldsets) == list(v.entry.steps)
        for name, step in v.entry.steps.items():
            assert choices(list(controls(fieldsets[name])), "radio") == [o.id for o in step.options]
            assert [c.get("data-next") for c in controls(fieldsets[name])] == [o.next for o in step.options]


def test_a_path_is_drawn_with_its_start_first():
    # The script takes the first step for the start.
    for v in of_format("path"):
        first = next(f for f in drawn(v.key).iter("fieldset"))
        assert first.get("data-step") == v.entry.start


def test_a_rating_is_one_fieldset_of_four_radios_named_by_its_option():
    for v in of_format("rate"):
        fieldsets = {f.get("data-field"): f for f in drawn(v.key).iter("fieldset") if f.get("data-field")}
        assert list(fieldsets) == [o.id for o in v.entry.options]
        for id, fieldset in fieldsets.items():
            assert [(c.get("type"), c.get("name"), c.get("value")) for c in controls(fieldset)] == [
                ("radio", id, str(level)) for level in (1, 2, 3, 4)
            ]
            assert [words(label) for label in fieldset.iter("label")] == list(LEVELS)


def test_a_ranking_is_a_list_of_places_with_buttons_to_move_by():
    for v in of_format("rank"):
        items = [li for li in drawn(v.key).iter("li") if li.get("data-field")]
        assert [li.get("data-field") for li in items] == [o.id for o in v.entry.options]
        for li in items:
            (select,) = controls(li)
            assert (select.tag, select.get("name")) == ("select", li.get("data-field"))
            places = [words(o) for o in select.iter("option")]
            assert places[1:] == [str(place) for place in range(1, len(items) + 1)]
            assert select[0].get("value") == ""
            assert [(b.get("data-move"), words(b)) for b in li.iter("button")] == [
                ("-1", "Move up"),
                ("1", "Move down"),
            ]


def test_a_sorting_offers_every_category_to_every_option():
    for v in of_format("sort"):
        selects = asked(drawn(v.key))
        assert [s.get("name") for s in selects] == [o.id for o in v.entry.options]
        for select in selects:
            offered = [(o.get("value"), words(o)) for o in select.iter("option")]
            assert offered[0][0] == ""
            assert offered[1:] == [(c.id, c.text) for c in v.entry.categories]


def test_an_estimate_is_one_number_with_its_unit_beside_it():
    for v in of_format("estimate"):
        vignette = drawn(v.key, keyed=False)
        assert [(c.get("type"), c.get("name"), c.get("step")) for c in controls(vignette)] == [
            ("number", "answer", "any")
        ]
        assert v.entry.unit in words(vignette)


def test_a_sentence_has_a_box_and_the_warning_not_to_write_about_a_real_person():
    for v in of_format("say"):
        vignette = drawn(v.key, keyed=False)
        assert [(c.tag, c.get("name")) for c in controls(vignette)] == [("textarea", "answer")]
        (label,) = [e for e in vignette.iter("label") if e.find("textarea") is not None]
        assert "Do not write about a real person" in words(label)


# The reasons, and who gets to see them.


def reasons(key: str) -> Element:
    (details,) = classed(drawn(key), "vignette-reasons")
    return details


@EVERY_ITEM
def test_a_page_keeps_the_reasons_in_a_closed_details(key):
    details = reasons(key)
    assert details.tag == "details"
    assert "open" not in details.attrib
    assert details[0].tag == "summary"


def described(entry: Any) -> list[Any]:
    """Everything in an entry that has reasons of its own."""
    steps = getattr(entry, "steps", {}).values()
    own = [*getattr(entry, "options", []), *getattr(entry, "spans", []), *(o for s in steps for o in s.options)]
    return own or [entry]


def plain(markdown: str) -> str:
    from widgets.markup import blocks

    return words(tree(blocks(markdown)))


@EVERY_ITEM
def test_the_reasons_give_why_for_every_option_then_the_debrief_standards_and_sources(key):
    entry = BANK[key].entry
    said = words(reasons(key))
    assert plain(entry.debrief) in said
    if entry.format == "say":
        for line in entry.models:
            assert plain(line.text) in said
        return
    for option in described(entry):
        assert plain(option.why) in said
    assert BASES[entry.basis] in said
    for citation in entry.standards:
        body, standard = BANK.standard(citation.cite)
        assert f"{body.body}, {standard.number}" in said
        assert f"({citation.relation})" in said
        assert (plain(standard.paraphrase) if standard.paraphrase else "read your own code") in said
    for source in entry.sources:
        assert BANK.sources[source] in said
    assert "Agreement with the course, not competence or fitness to practise." in said


def parts(key: str) -> dict[str, str]:
    """What the reasons say is the course's own, by option."""
    return {
        li.get("data-part", ""): " ".join(words(p) for p in classed(li, "vignette-course"))
        for li in reasons(key).iter("li")
        if li.get("data-part")
    }


COURSE_SAYS: dict[str, Callable[[Any, Any], str]] = {
    "pick": lambda e, o: "The course chooses it." if o.keyed else "The course leaves it.",
    "mark": lambda e, o: {True: "The course marks it.", False: "The course leaves it."}.get(
        o.keyed, "Counts neither way."
    ),
    "rank": lambda e, o: f"The course: place {o.key}.",
    "rate": lambda e, o: f"The course: {' or '.join(LEVELS[k - 1] for k in o.key).lower()}.",
    "sort": lambda e, o: f"The course: {' or '.join(c.text for k in o.key for c in e.categories if c.id == k)}.",
}


@pytest.mark.parametrize("format", COURSE_SAYS)
def test_the_reasons_say_what_the_key_says(format):
    scored = [v for v in of_format(format) if v.entry.basis != "open"]
    assert scored
    for v in scored:
        options = [o for o in described(v.entry) if not getattr(o, "panel", None)]
        said = parts(v.key)
        assert {o.id: said[o.id] for o in options} == {o.id: COURSE_SAYS[format](v.entry, o) for o in options}


def test_a_panel_is_shown_by_its_counts():
    v = of_format("rate")[0]
    panel = rewritten(v.entry, {"key": lambda key: None, "panel": lambda panel: [1, 2, 30, 4]})
    html = vignette_html(with_entry(BANK, v.key, panel), v.key, keyed=True)
    assert html.count("from very inappropriate to very appropriate: 1, 2, 30, 4.") == len(panel.options)


def test_a_panel_is_named_by_who_how_many_and_when():
    v = of_format("rate")[0]
    source = PanelFrom(who="nurses <b>", people=12, when=date(2026, 3, 1), qualification="five years in the work")
    entry = v.entry.model_copy(update={"panel_from": source})
    html = vignette_html(with_entry(BANK, v.key, entry), v.key, keyed=True)
    said = "a panel’s: 12 people (nurses &lt;b&gt;; five years in the work), each alone, 1 March 2026."
    assert said in html
    assert "a panel’s" not in vignette_html(BANK, v.key, keyed=True)
    assert "a panel’s" not in vignette_html(with_entry(BANK, v.key, entry), v.key, keyed=False)


def test_the_reasons_name_the_best_options_and_give_the_others_their_marks():
    for v in of_format("best"):
        if v.entry.basis == "open" or v.entry.crisis:
            continue
        best = max(o.marks for o in v.entry.options)
        assert parts(v.key) == {
            o.id: f"{'The course’s answer: ' if o.marks == best else ''}{o.marks} of {best} marks"
            for o in v.entry.options
        }


def test_an_estimates_reasons_give_the_figure_and_both_tolerances():
    for v in of_format("estimate"):
        (said,) = parts(v.key).values()
        for number in (v.entry.key, v.entry.full, v.entry.half):
            assert f"{number:,g}" in said


def test_where_thoughtful_people_differ_nothing_is_called_the_courses():
    open_items = [v for v in BANK.values() if getattr(v.entry, "basis", "") == "open"]
    assert open_items
    for v in open_items:
        assert not any(parts(v.key).values())


def test_a_path_tells_how_each_ending_came_about():
    for v in of_format("path"):
        endings = {e.get("data-ending"): words(e) for e in reasons(v.key).iter() if e.get("data-ending")}
        assert list(endings) == list(v.entry.endings)
        for id, ending in v.entry.endings.items():
            assert f"One ending: {ending.kind}." in endings[id]
            assert plain(ending.text) in endings[id]


@EVERY_ITEM
def test_a_page_carries_its_item_as_json_and_nothing_more(key):
    scripts = list(drawn(key).iter("script"))
    if BANK[key].item is None:
        assert not scripts
        return
    (script,) = scripts
    assert script.get("type") == "application/json"  # data, which a browser never runs
    assert json.loads(script.text or "") == BANK[key].item


@EVERY_ITEM
def test_what_a_live_vignette_shows_afterwards_is_what_the_page_has(key):
    links = Links(references="refs.html")
    assert reasons_html(BANK, key, links=links) in vignette_html(BANK, key, keyed=True, links=links)


@EVERY_ITEM
def test_the_unkeyed_guise_is_the_same_whatever_the_key_and_the_reasons_are(key):
    other = rewritten(BANK[key].entry)
    assert vignette_html(BANK, key, keyed=False) == vignette_html(with_entry(BANK, key, other), key, keyed=False)
    assert vignette_html(BANK, key, keyed=True) != vignette_html(with_entry(BANK, key, other), key, keyed=True)


@EVERY_ITEM
def test_the_unkeyed_guise_has_no_reasons_and_no_item(key):
    vignette = drawn(key, keyed=False)
    assert not classed(vignette, "vignette-reasons")
    assert not list(vignette.iter("script"))


# What surrounds the question.


@EVERY_ITEM
def test_a_content_note_folds_the_whole_scene_away(key):
    vignette = drawn(key)
    (scene,) = classed(vignette, "vignette-scene")
    notes = classed(vignette, "vignette-note")
    assert len(notes) == bool(BANK[key].entry.note)
    for note in notes:
        assert "open" not in note.attrib
        assert plain(BANK[key].entry.note) in words(note[0])
        assert scene in list(note)
        assert list(note.iter("form"))


def test_a_crisis_scene_begins_with_where_to_get_help():
    crises = [v.key for v in BANK.values() if getattr(v.entry, "crisis", False)]
    assert crises
    for key in crises:
        vignette = drawn(key, links=Links(help="help.html"))
        assert "data-crisis" in vignette.attrib
        (note,) = classed(vignette, "vignette-note")
        assert [a.get("href") for a in note[1].iter("a")] == ["help.html"]
        # Without a page to link to, as in a notebook, it still names one.
        assert "Where to get help now" in words(classed(drawn(key, keyed=False), "vignette-help")[0])


def test_a_source_links_into_the_references_where_there_are_any():
    key = next(v.key for v in BANK.values() if getattr(v.entry, "sources", []))
    sources = [f"refs.html#ref-{source}" for source in BANK[key].entry.sources]
    (list_,) = classed(drawn(key, links=Links(references="refs.html")), "vignette-sources")
    assert [a.get("href") for a in list_.iter("a")] == sources
    (list_,) = classed(drawn(key), "vignette-sources")
    assert not list(list_.iter("a"))
    assert words(list_)


def test_an_unknown_id_names_the_nearest():
    with pytest.raises(KeyError, match="practice/neighbours-plants"):
        vignette_html(BANK, "practice/neighbour-plants", keyed=True)


# Authors write Markdown, and never HTML.


def test_markdown_is_rendered():
    key = of_format("best")[0].key
    entry = rewritten(
        BANK[key].entry, dict.fromkeys(("scene", "text", "why", "debrief"), lambda _: "It is *quite*\n\n**so**.")
    )
    vignette = drawn_from(key, entry)
    (scene,) = classed(vignette, "vignette-scene")
    assert [p.tag for p in scene] == ["p", "p"]
    (label, *_) = classed(vignette, "vignette-option")
    assert [words(e) for e in label.iter("em")] == ["quite"]
    assert [words(e) for e in classed(vignette, "vignette-debrief")[0].iter("strong")] == ["so"]


def drawn_from(key: str, entry: Any, *, keyed: bool = True) -> Element:
    (vignette,) = tree(vignette_html(with_entry(BANK, key, entry), key, keyed=keyed))
    return vignette


WORDS = ("text", "why", "scene", "ask", "debrief", "note", "setting", "unit", "passage", "tone", "ticks")


@pytest.mark.parametrize("format", ["best", "pick", "rate", "rank", "sort", "mark", "estimate", "path", "say"])
@pytest.mark.parametrize("keyed", [True, False], ids=["keyed", "unkeyed"])
def test_what_looks_like_a_tag_is_shown_as_text(format, keyed):
    v = of_format(format)[0]

    def spoil(value: Any) -> Any:
        return [spoil(one) for one in value] if isinstance(value, list) else f"{value or ''} {HOSTILE}"

    vignette = drawn_from(v.key, rewritten(v.entry, dict.fromkeys(WORDS, spoil)), keyed=keyed)
    names = {name for e in vignette.iter() for name in e.attrib}
    assert not [name for name in names if name.startswith("on")]
    assert not list(vignette.iter("img"))
    assert not [a for a in vignette.iter("a") if a.get("href", "").startswith("javascript:")]
    assert all(s.get("type") == "application/json" for s in vignette.iter("script"))
    assert "</script><script>alert(1)</script>" in words(classed(vignette, "vignette-scene")[0])


def test_no_text_of_an_item_can_end_the_script_that_holds_it():
    # Endings are the only words that an item holds; a path's are therefore where it could happen.
    v = of_format("path")[0]
    entry = rewritten(v.entry, {"text": lambda text: HOSTILE})
    (script,) = drawn_from(v.key, entry).iter("script")
    assert set(json.loads(script.text or "")["endings"].values()) == {HOSTILE}


def test_a_standards_and_a_sources_words_are_escaped_too():
    key = next(v.key for v in BANK.values() if getattr(v.entry, "sources", []))
    bank = with_entry(BANK, key, BANK[key].entry)
    bank.sources = dict.fromkeys(bank.sources, HOSTILE)
    bank.bodies = {
        id: rewritten(body, dict.fromkeys(("body", "title", "paraphrase", "edition"), lambda _: HOSTILE))
        for id, body in bank.bodies.items()
    }
    (vignette,) = tree(vignette_html(bank, key, keyed=True))
    assert not list(vignette.iter("img"))
    assert len(list(vignette.iter("script"))) == 1


def test_a_crisis_scene_shows_the_course_s_answer_and_no_marks():
    bank = load_bank()
    crises = [key for key, vignette in bank.items() if getattr(vignette.entry, "crisis", False)]
    assert crises
    for key in crises:
        html = vignette_html(bank, key, keyed=True)
        assert " marks" not in html
        if bank[key].entry.format in ("best", "path"):
            assert "The course’s answer" in html
