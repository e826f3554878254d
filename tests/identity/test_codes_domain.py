import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.identity.domain.codes import (
    FIRST_PASSWORD_LENGTH,
    READABLE,
    draw,
    first_password_as_sent,
    in_groups,
    without_spaces,
)
from tenant_apps.identity.domain.passwords import kind_of, strength
from tenants.policy.sections.ways_in import ALPHABETS


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("4815", "4815"),
        ("48151", "48151"),
        ("481516", "481 516"),
        ("48151623", "4815 1623"),
        ("a" * 12, "aaaa aaaa aaaa"),
    ],
)
def test_a_code_is_printed_in_groups_of_about_four(code: str, printed: str) -> None:
    assert in_groups(code, between=" ") == printed


@given(st.text(READABLE, min_size=1, max_size=20), st.sampled_from([" ", "-", "\u202f"]))
def test_what_was_printed_can_be_typed_as_it_stands(code: str, between: str) -> None:
    assert without_spaces(in_groups(code, between=between)) == code
    assert first_password_as_sent(in_groups(code, between=between).upper()) == code


def test_no_two_marks_of_an_alphabet_are_read_for_one_another() -> None:
    for alphabet in (READABLE, ALPHABETS["letters_and_digits"]):
        assert len(set(alphabet)) == len(alphabet)
        for alike in ("0Oo", "1lI", "i1l"):
            assert len(set(alike) & set(alphabet)) <= 1


def test_a_first_password_has_as_many_marks_as_it_should_and_none_twice_the_same() -> None:
    drawn = {draw(length=FIRST_PASSWORD_LENGTH, alphabet=READABLE, choice=secrets.choice) for _ in range(100)}
    assert len(drawn) == 100
    assert {len(each) for each in drawn} == {FIRST_PASSWORD_LENGTH}


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        ("a", "lower"),
        ("É", "upper"),
        ("7", "digits"),
        ("-", "special"),
        (" ", "special"),
        ("語", None),
        ("\u0301", None),
    ],
)
def test_each_mark_is_of_one_kind_or_of_none(mark: str, kind: str | None) -> None:
    assert kind_of(mark) == kind


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("", "weak"),
        ("aaaaaaaaaaaaaaaa", "weak"),
        ("azbycxdw", "weak"),
        ("quatre mots", "fair"),
        ("Cerf-volant-bleu-41!", "strong"),
    ],
)
def test_the_strength_flatters_nobody(password: str, expected: str) -> None:
    assert strength(password) == expected
