import math
import secrets

import pytest

from widgets.classroom import tokens
from widgets.classroom.tokens import LIMIT, WINDOW, Failures, hashed, is_code, matches, new_alias, new_code, new_secret


def test_a_secret_is_long_and_never_the_same():
    made = {new_secret() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(secret) >= 22 for secret in made)  # 22 characters of base64 are 128 bits


def test_secrets_and_codes_come_from_the_operating_system(monkeypatch):
    monkeypatch.setattr(secrets, "token_urlsafe", lambda n: "x" * n)
    monkeypatch.setattr(secrets, "choice", lambda some: some[0])
    assert set(new_secret()) == {"x"}
    assert set(new_code()) == {tokens.ALPHABET[0]}


def test_only_the_hash_is_kept_and_it_matches_only_its_secret():
    secret = new_secret()
    assert secret not in hashed(secret)
    assert matches(secret, hashed(secret))
    assert not matches(secret + "x", hashed(secret))
    assert not matches("", hashed(secret))
    assert not matches("\ud800é", hashed(secret))


def test_hashes_are_compared_in_constant_time(monkeypatch):
    compared = []
    monkeypatch.setattr(tokens.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or a == b)
    assert matches("right", hashed("right"))
    assert not matches("wrong", hashed("right"))
    assert compared == [(hashed("right"), hashed("right")), (hashed("wrong"), hashed("right"))]


def test_a_code_can_be_read_out_and_typed():
    assert not set(tokens.ALPHABET) & set("01ILO2Z5S8BUV")
    assert not set(tokens.ALPHABET) & set("AEIOU"), "a code must not spell a word"
    assert all(is_code(new_code()) for _ in range(100))
    assert not is_code("ASSETS")
    assert not is_code(new_code().lower())


def test_guessing_a_code_takes_longer_than_a_room_lives():
    tries_in_thirty_days = LIMIT * 60 * 24 * 30
    assert tries_in_thirty_days / len(tokens.ALPHABET) ** tokens.CODE_LENGTH < 0.06


def test_an_alias_is_two_words_and_there_are_more_than_a_room_takes():
    assert math.prod(map(len, map(set, (tokens.KINDS, tokens.THINGS)))) == 4096
    assert all(len(new_alias().split()) == 2 for _ in range(50))


@pytest.mark.parametrize("failures", [LIMIT - 1, LIMIT])
def test_an_address_may_be_wrong_so_often_in_a_minute(failures):
    counter = Failures()
    for _ in range(failures):
        counter.add("10.0.0.7", 100.0)
    assert counter.too_many("10.0.0.7", 100.0 + WINDOW - 1) == (failures == LIMIT)
    assert not counter.too_many("10.0.0.7", 100.0 + WINDOW + 1)
    assert not counter.too_many("10.0.0.8", 100.0)


def test_a_flood_of_addresses_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(tokens, "MOST_ADDRESSES", 100)
    counter = Failures()
    for n in range(1000):
        counter.add(f"10.0.{n // 256}.{n % 256}", 0.0)
    assert len(counter._times) == 100
