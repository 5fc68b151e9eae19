from __future__ import annotations

import stat

from widgets.classroom.elsewhere import NAME, Elsewhere


def test_a_room_is_remembered_by_server_and_name(tmp_path):
    one, other = Elsewhere(tmp_path, "https://one.example"), Elsewhere(tmp_path, "https://other.example")
    assert one.rooms == {}
    one.remember("boundaries", {"code": "A"})
    one.remember("power", {"code": "B"})
    other.remember("boundaries", {"code": "C"})
    assert Elsewhere(tmp_path, "https://one.example").rooms == {"boundaries": {"code": "A"}, "power": {"code": "B"}}
    one.forget("boundaries")
    one.forget("never there")
    assert one.rooms == {"power": {"code": "B"}}
    assert other.rooms == {"boundaries": {"code": "C"}}


def test_the_file_is_its_owners_alone(tmp_path):
    Elsewhere(tmp_path, "https://one.example").remember("x", {"secret": "s"})
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


def test_a_file_that_cannot_be_read_is_no_rooms(tmp_path):
    (tmp_path / NAME).write_text("{half", encoding="utf-8")
    one = Elsewhere(tmp_path, "https://one.example")
    assert one.rooms == {}
    one.remember("x", {"code": "A"})
    assert one.rooms == {"x": {"code": "A"}}
