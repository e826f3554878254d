"""Days that no counter has business with: the ends of the calendar, where a day has no neighbour."""

from typing import Any

import pytest
from django.test import Client as Browser

from tests.desk.counter import words

ENDS = ("0001-01-01", "9999-12-31")


@pytest.mark.parametrize("day", ENDS)
def test_the_payments_of_such_a_day_are_those_of_today(desk: Browser, day: str) -> None:
    assert "Aucun paiement" in words(desk.get(f"/agence/paiements/?jour={day}"))


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("/agence/paiements/export/", ("since", "until")),
        ("/agence/journal/export/", ("since", "until")),
        ("/agence/journee/", ("day",)),
    ],
)
@pytest.mark.parametrize("day", ENDS)
def test_a_file_of_such_a_day_is_refused_before_it_is_begun(
    desk: Browser, url: str, names: tuple[str, ...], day: str
) -> None:
    answer: Any = desk.post(url, dict.fromkeys(names, day))
    assert not answer.streaming
    assert "21/10/2026" in words(answer)


@pytest.mark.parametrize("day", ENDS)
def test_the_journal_of_such_a_day_is_asked_for_again(desk: Browser, day: str) -> None:
    assert "21/10/2026" in words(desk.get("/agence/journal/", {"since": day, "until": day}))
