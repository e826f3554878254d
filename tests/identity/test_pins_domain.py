from datetime import date

import pytest

from tenant_apps.identity.domain.pins import Weakness, weakness

BORN = date(1985, 3, 7)


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("000000", "alike"),
        ("777777", "alike"),
        ("123456", "run"),
        ("345678", "run"),
        ("987654", "run"),
        ("567890", "run"),
        ("890123", "run"),
        ("321098", "run"),
        ("121212", "repeat"),
        ("123123", "repeat"),
        ("070385", "birth"),
        ("850307", "birth"),
        ("030785", "birth"),
        ("198503", "birth"),
        ("031985", "birth"),
        ("19851985", "repeat"),
        ("07031985", "birth"),
        ("19850307", "birth"),
        ("1985", "birth"),
        ("0703", "birth"),
        ("1234", "run"),
    ],
)
def test_what_is_tried_first_is_refused(pin: str, why: Weakness) -> None:
    assert weakness(pin, birth_date=BORN) == why


@pytest.mark.parametrize("pin", ["142857", "807341", "112233", "070386", "5938"])
def test_others_are_let_through(pin: str) -> None:
    assert weakness(pin, birth_date=BORN) is None


def test_without_a_birth_date_on_file_no_date_is_refused() -> None:
    assert weakness("070385", birth_date=None) is None
