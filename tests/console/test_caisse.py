"""The page of one caisse: figures with their moment, each finding with its source, the history of its policy."""

import re
from datetime import timedelta
from typing import get_args

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from shared_apps.console import wording
from tenants.models import Caisse
from tenants.policy.checks.finding import Label
from tenants.policy.document import Policy, Product
from tenants.policy.sections.caisse import Body
from tenants.policy.sections.identifier import BY_KIND
from tenants.policy.sections.second_factor import Method
from tenants.policy.sections.secret import SecretSection
from tenants.policy.served import _KNOWN
from tests.console.fleet import FACTS, FIGURES, Invented, add, page, rows


def address_of(schema: str) -> str:
    return f"/caisses/{Caisse.objects.get(schema_name=schema).uuid}/"


def test_it_says_in_full_what_the_caisse_reported(operator: Browser) -> None:
    add(Invented(schema="lune", name="Mutuelle de la Lune", hosts=("a.example.org", "b.example.org")))
    said = page(operator, address_of("lune"))
    for text in (
        "<h1>Mutuelle de la Lune</h1>",
        "a.example.org, b.example.org",
        "n° 3, du 21\u00a0octobre 2026 à 14\u00a0h\u00a000",
        "Code secret",
        "Service : Épargne",
        "Première connexion : demandée par le client",
        "Comptes bloqués",
        "21\u00a0octobre 2026 à 14\u00a0h\u00a030",
        "2\u00a0secondes",
    ):
        assert text in said, text


def test_each_finding_has_its_rule_its_kind_its_source_and_its_sentence(operator: Browser) -> None:
    add(Invented(schema="lune"))
    said = page(operator, address_of("lune"))
    for text in (
        "Un compte est accessible : réduisez l’inactivité",
        "Durée d’une connexion",
        "rts-idle",
        "Loi",
        "règlement délégué (UE) 2018/389, art. 4(3)(d)",
        "Erreur",
    ):
        assert text in said, text


def test_the_history_says_who_published_what_when_and_why(operator: Browser) -> None:
    add(Invented(schema="lune"))
    said = page(operator, address_of("lune"))
    for text in ("version 3", "Odile", "plus strict", "version 2", "Basile", "20\u00a0octobre 2026"):
        assert text in said, text
    assert said.count("en vigueur") == 1
    assert "<b>gras</b>" not in said


def test_a_draft_is_told_with_its_author_and_how_it_is_published(operator: Browser) -> None:
    draft = {"author": "Odile Roux", "at": "2026-10-22T12:00:00+00:00", "written_from": 3}
    add(
        Invented(schema="lune", facts=FACTS | {"draft": draft}),
        Invented(schema="mars", facts=FACTS | {"draft": draft | {"written_from": 2}}),
        Invented(schema="venus"),
    )
    said = page(operator, address_of("lune"))
    for text in (
        "Un brouillon de ses règles attend",
        "Enregistré par Odile Roux le 22\u00a0octobre 2026 à 14\u00a0h\u00a000, à partir de la version 3",
        "manage.py policy rehearse lune",
        "manage.py policy publish lune --reason",
    ):
        assert text in said, text
    stale = page(operator, address_of("mars"))
    assert "ce brouillon ne se publie plus" in stale
    assert "manage.py policy draft mars" in stale
    assert "policy publish" not in stale
    assert "brouillon" not in page(operator, address_of("venus"))
    listed = {
        schema: row for row in rows(page(operator)) for schema in ("lune", "mars", "venus") if schema in row
    }
    marked = {schema for schema, row in listed.items() if ">brouillon<" in row}
    assert (set(listed), marked) == ({"lune", "mars", "venus"}, {"lune", "mars"})


def test_figures_are_shown_with_the_moment_they_were_counted(operator: Browser) -> None:
    add(Invented(schema="lune", age=timedelta(minutes=5)))
    assert "Comptés par la caisse elle-même, le " in page(operator, address_of("lune"))


def test_an_old_report_is_said_to_be_old_before_anything_else(operator: Browser) -> None:
    add(Invented(schema="lune", age=timedelta(hours=2)), Invented(schema="mars"))
    said = page(operator, address_of("lune"))
    assert said.index("Ce rapport est ancien") < said.index("Ses chiffres")
    assert "Ce rapport est ancien" not in page(operator, address_of("mars"))


def test_a_caisse_that_never_reported_has_a_page(operator: Browser) -> None:
    add(Invented(schema="lune", age=None))
    said = page(operator, address_of("lune"))
    assert "n’a pas encore fait de rapport" in said
    assert "n° 3" in said
    assert "Ses chiffres" not in said


def test_what_nobody_counted_is_not_zero(operator: Browser) -> None:
    add(Invented(schema="lune", figures={**FIGURES, "clients": None}))
    said = page(operator, address_of("lune"))
    line = said.partition("Clients qui peuvent se connecter")[2].partition("</dd>")[0]
    assert "–" in line
    assert "0" not in line


def test_a_page_asks_for_one_caisse_and_not_for_all(operator: Browser) -> None:
    add(Invented(schema="lune"), Invented(schema="mars"))
    address = address_of("lune")
    page(operator, address)
    with CaptureQueriesContext(connection) as queries:
        page(operator, address)
    assert len(queries) <= 7


def test_the_front_door_and_nobodys_caisse_have_no_page(operator: Browser) -> None:
    assert operator.get(address_of("public")).status_code == 404
    assert operator.get("/caisses/00000000-0000-4000-8000-000000000000/").status_code == 404


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (wording.BODIES, get_args(Body)),
        (wording.IDENTIFIERS, BY_KIND),
        (wording.SECRETS, get_args(SecretSection.model_fields["kind"].annotation)),
        (wording.FACTORS, get_args(Method)),
        (wording.PRODUCTS, get_args(Product)),
        (wording.LABELS, get_args(Label)),
    ],
)
def test_the_console_has_a_word_for_all_that_a_policy_may_say(
    words: wording.Words, values: tuple[str, ...]
) -> None:
    assert set(words) == set(values)


def test_every_way_that_a_report_may_name_and_every_part_of_a_policy_has_its_words() -> None:
    assert {path: set(values) for path, values in _KNOWN.items()} == {
        path: set(words) for path, (_place, words) in wording.WAYS.items()
    }
    assert set(wording.SECTIONS) == set(Policy.model_fields)


def test_no_dotted_key_of_the_policy_is_shown(operator: Browser) -> None:
    """Nor one that a newer release reports, and that this one has no words for."""
    facts = {**FACTS, "unserved": [f"{path}.{value}" for path in _KNOWN for value in _KNOWN[path]]}
    facts["unserved"] += ["products.pawn_shop", "later.thing"]
    add(Invented(schema="lune", facts=facts))
    shown = re.sub(r"<[^>]*>", " ", page(operator, address_of("lune")).partition("<main")[2])
    shown = shown.replace("lune.example.org", "")
    assert "Service" in shown
    assert re.findall(r"\b[a-z_]+\.[a-z_]{2,}\b", shown) == []
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", shown) == []
