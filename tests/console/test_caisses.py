"""The list of caisses: all of it in few queries, found by name and state, whatever a report holds."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from tests.console.fleet import FACTS, FIGURES, Invented, add, many, page, rows

MOST_QUERIES = 8


def test_the_queries_are_as_many_for_three_caisses_as_for_sixty(operator: Browser) -> None:
    counts = []
    for caisses in (many(3), many(60)[3:]):
        add(*caisses)
        page(operator)
        with CaptureQueriesContext(connection) as queries:
            page(operator)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_the_list_reads_no_finding_and_no_history(operator: Browser) -> None:
    add(*many(3))
    with CaptureQueriesContext(connection) as queries:
        page(operator)
    said = " ".join(query["sql"] for query in queries)
    assert "tenants_caissereport" in said
    assert "findings" not in said
    assert "versions" not in said


def test_a_row_says_what_the_caisse_is_and_what_it_reports(operator: Browser) -> None:
    add(
        Invented(
            schema="lune", name="Mutuelle de la Lune", hosts=("lune.example.org", "www.lune.example.org")
        )
    )
    [row] = rows(page(operator, "/?q=lune"))
    for text in (
        "Mutuelle de la Lune",
        "Lune",
        "lune.example.org",
        "www.lune.example.org",
        "Ouverte",
        "Mutuelle",
        "version 3",
        "21/10/2026",
        "1 erreur",
        "Numéro de sécurité sociale",
        "Code par SMS, Application",
        "Prêts sur gage, Épargne",
        "1\u202f240",
        "310",
        "21/10/2026, 14\u00a0h\u00a030",
        "a attendu 2\u00a0secondes",
    ):
        assert text in row, text
    assert "ancien" not in row


@pytest.mark.parametrize(("age", "is_old"), [(timedelta(minutes=59), False), (timedelta(minutes=61), True)])
def test_a_report_older_than_an_hour_is_shown_as_such(
    age: timedelta, is_old: bool, operator: Browser
) -> None:
    add(Invented(schema="lune", age=age))
    assert ("ancien" in rows(page(operator, "/?q=lune"))[0]) is is_old


def test_a_caisse_that_never_reported_says_so(operator: Browser) -> None:
    add(Invented(schema="lune", age=None))
    [row] = rows(page(operator, "/?q=lune"))
    assert "n’a pas encore fait de rapport" in row
    assert "version 3" in row


def test_a_report_of_the_version_before_gives_no_date_to_the_new_one(operator: Browser) -> None:
    add(Invented(schema="lune", version=4, figures={}))
    [row] = rows(page(operator, "/?q=lune"))
    assert "version 4" in row
    assert "21/10/2026" not in row


def test_a_caisse_without_faults_says_that_there_is_nothing_to_see(operator: Browser) -> None:
    add(Invented(schema="lune", errors=0), Invented(schema="mars", town="Mars", errors=0, warnings=2))
    assert "rien à signaler" in rows(page(operator, "/?q=lune"))[0]
    assert "2 avertissements" in rows(page(operator, "/?q=mars"))[0]


@pytest.mark.parametrize("words", ["saint-étienne", "SAINT ETIENNE", "étienne", "etien credit", " saint  "])
def test_a_caisse_is_found_by_words_of_its_town_or_name_without_accents(
    words: str, operator: Browser
) -> None:
    add(
        Invented(schema="etienne", town="Saint-Étienne", name="Crédit Municipal"),
        Invented(schema="mars", town="Mars"),
    )
    [row] = rows(page(operator, f"/?q={quote(words)}"))
    assert "Saint-Étienne" in row


def test_marks_that_the_database_would_obey_are_no_words(operator: Browser) -> None:
    add(Invented(schema="lune", name="Caisse 100 % Lune"))
    assert len(rows(page(operator, "/?q=" + quote("100 %")))) == 1
    for marks in ("%", "_", "\\", "' OR 1=1 --"):
        found = rows(page(operator, "/?q=" + quote(marks)))
        assert len(found) == (0 if "OR" in marks else len(rows(page(operator))))


def test_the_state_narrows_the_list(operator: Browser) -> None:
    add(Invented(schema="lune", state="suspended"), Invented(schema="mars", town="Mars"))
    [row] = rows(page(operator, "/?etat=suspended"))
    assert "Suspendue" in row
    assert not [row for row in rows(page(operator, "/?etat=active")) if "Suspendue" in row]
    assert rows(page(operator, "/?q=mars&etat=suspended")) == []


def test_what_is_not_found_says_what_to_do(operator: Browser) -> None:
    said = page(operator, "/?q=nulle+part")
    assert "Aucune caisse trouvée" in said
    assert "Montrer toutes les caisses" in said


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("/?etat=ouverte", "Choisissez un état de la liste."),
        ("/?q=" + "x" * 81, "Ce texte est trop long"),
        ("/?q=%00", "un caractère qui ne peut pas y être"),
    ],
)
def test_a_bad_search_is_said_beside_its_field_and_narrows_nothing(
    address: str, reason: str, operator: Browser
) -> None:
    said = page(operator, address)
    assert said.count(reason) == 2
    assert len(rows(said)) == len(rows(page(operator)))


def test_beyond_fifty_there_are_pages_which_keep_the_search(operator: Browser) -> None:
    add(*many(60))
    first = page(operator, "/?q=ville&etat=active")
    assert len(rows(first)) == 50
    assert "Page 1 sur 2" in first
    assert 'href="?q=ville&amp;etat=active&amp;page=2"' in first
    second = page(operator, "/?q=ville&etat=active&page=2")
    assert len(rows(second)) == 10
    assert not set(rows(first)) & set(rows(second))


@pytest.mark.parametrize(("asked", "given"), [("99", 2), ("0", 2), ("-1", 2), ("abc", 1), ("", 1)])
def test_a_page_that_is_not_there_gives_one_that_is(asked: str, given: int, operator: Browser) -> None:
    add(*many(60))
    assert f"Page {given} sur 2" in page(operator, f"/?page={asked}")


def test_towns_are_sorted_as_people_sort_them(operator: Browser) -> None:
    add(*(Invented(schema=schema, town=town) for schema, town in (("a", "Évry"), ("b", "Zut"), ("c", "Eu"))))
    said = page(operator)
    assert said.index("Eu") < said.index("Évry") < said.index("Zut")


def test_the_front_door_is_no_caisse(operator: Browser) -> None:
    assert "Porte d’entrée" not in page(operator)


STRANGE: dict[str, dict[str, Any]] = {
    "nothing": {"facts": {}, "figures": {}},
    "words of a newer release": {
        "facts": FACTS | {"identifier": "palm", "theme": "neon", "products": ["pawn_loans", "gold"]}
    },
    "a text for a list": {"facts": FACTS | {"products": "pawn_loans", "second_factor": 3, "unserved": True}},
    "a day that is none": {"figures": FIGURES | {"last_sign_in": "2026-02-31T25:61:00+00:00"}},
    "a moment for a count": {"figures": {"clients": "2026-10-21T12:30:00+00:00", "last_sign_in": 3}},
    "a figure that nobody knows": {"figures": FIGURES | {"moon": 3}},
}


@pytest.mark.parametrize("strange", STRANGE)
def test_no_report_breaks_the_console_for_all_others(strange: str, operator: Browser) -> None:
    add(Invented(schema="lune", **STRANGE[strange]), Invented(schema="mars", town="Mars"))
    said = page(operator)
    assert "Mars" in said
    [row] = rows(page(operator, "/?q=lune"))
    address = row.partition('href="')[2].partition('"')[0]
    page(operator, address)
