"""The function of the database that writes a report: what it takes, for whom, and who reads it."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.db import DataError, ProgrammingError, transaction
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from tenants.models import Caisse, CaisseReport
from tenants.provisioning.connections import as_migrator, become_owner
from tenants.selectors import caisse_of_schema
from tests.world import ALPHA, BETA

FINDING = {
    "level": "warning",
    "label": "law",
    "rule": "sms-alone",
    "source": "s",
    "path": "a.b",
    "message": "m",
}
VERSION = {"number": 1, "author": "Odile", "reason": "essai", "at": "2026-10-21T12:00:00+00:00"}
GOOD: dict[str, Any] = {
    "lag": 2,
    "facts": {
        "version": 1,
        "identifier": "digits",
        "products": ["pawn_loans"],
        "second_factor_required": True,
    },
    "figures": {"clients": 12, "last_sign_in": "2026-10-21T12:00:00.123456+00:00", "late": None},
    "findings": [FINDING, FINDING | {"level": "error"}, FINDING],
    "versions": [VERSION],
}


def report(said: Any) -> None:
    """`...` stands for SQL's NULL."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT guichet_caisse_report(%s::jsonb)", [None if said is ... else json.dumps(said)])


def reported() -> dict[str, tuple[Any, ...]]:
    """By schema, as the table's owner reads them."""
    with as_migrator() as owner:
        become_owner(owner)
        rows = owner.execute(
            "SELECT c.schema_name, r.as_of, r.lag_seconds, r.errors, r.warnings, r.figures"
            " FROM tenants_caissereport r JOIN tenants_caisse c ON c.id = r.caisse_id"
        )
        return {row[0]: row[1:] for row in rows}


@pytest.fixture
def pair(committed: None) -> tuple[Caisse, Caisse]:
    return caisse_of_schema(schema=ALPHA), caisse_of_schema(schema=BETA)


def test_a_report_is_of_the_caisse_that_calls_and_of_no_other(pair: tuple[Caisse, Caisse]) -> None:
    for caisse, clients in zip(pair, (12, 7), strict=True):
        with tenant_context(caisse):
            report(GOOD | {"figures": {"clients": clients}})
    found = reported()
    assert {schema: row[4] for schema, row in found.items()} == {ALPHA: {"clients": 12}, BETA: {"clients": 7}}
    assert found[ALPHA][1:4] == (2, 1, 2)


def test_the_search_path_of_the_caller_does_not_fool_the_function(pair: tuple[Caisse, Caisse]) -> None:
    with tenant_context(pair[0]), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = beta, pg_catalog")
        cursor.execute("SELECT public.guichet_caisse_report(%s::jsonb)", [json.dumps(GOOD)])
    assert set(reported()) == {ALPHA}


def test_nobody_reports_while_no_caisse_is_set(db: None) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for function"):
        report(GOOD)


@pytest.mark.parametrize("reader", [ALPHA, BETA, "public"])
@pytest.mark.parametrize("act", ["SELECT * FROM {}", "UPDATE {} SET as_of = now()", "DELETE FROM {}"])
def test_neither_a_caisse_nor_the_front_door_reads_or_writes_a_report(
    reader: str, act: str, pair: tuple[Caisse, Caisse]
) -> None:
    with tenant_context(pair[0]):
        report(GOOD)
    with (
        tenant_context(caisse_of_schema(schema=reader)),
        pytest.raises(ProgrammingError, match="permission denied for table tenants_caissereport"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act.format("public.tenants_caissereport"))


def test_the_gie_reads_every_report_and_writes_none(pair: tuple[Caisse, Caisse]) -> None:
    for caisse in pair:
        with tenant_context(caisse):
            report(GOOD)
    with tenant_context(caisse_of_schema(schema="gie")):
        rows = CaisseReport.objects.all()
        assert sorted(rows.values_list("caisse__schema_name", flat=True)) == [ALPHA, BETA]
        for act in (
            lambda: rows.update(errors=0),
            rows.delete,
            lambda: CaisseReport.objects.create(
                caisse=pair[0],
                as_of=datetime.now().astimezone(),
                errors=0,
                warnings=0,
                facts={},
                figures={},
                findings=[],
                versions=[],
            ),
        ):
            with pytest.raises(ProgrammingError, match="permission denied for table"), transaction.atomic():
                act()


def test_the_gie_reports_on_itself_alone(pair: tuple[Caisse, Caisse]) -> None:
    with tenant_context(caisse_of_schema(schema="gie")):
        report(GOOD)
    assert set(reported()) == {"gie"}


def test_what_was_counted_last_stays(pair: tuple[Caisse, Caisse]) -> None:
    """A job that began earlier and ends later does not bring old figures back."""
    with tenant_context(pair[0]):
        report(GOOD)
        with as_migrator() as owner:
            become_owner(owner)
            owner.execute("UPDATE tenants_caissereport SET as_of = now() + interval '1 minute'")
        report(GOOD | {"figures": {"clients": 99}})
    assert reported()[ALPHA][4] == GOOD["figures"]


def test_a_draft_is_reported_by_author_and_moment_alone(pair: tuple[Caisse, Caisse]) -> None:
    draft = {"author": "Odile Roux", "at": "2026-10-22T12:00:00+00:00", "written_from": 1}
    for said in (GOOD | {"draft": draft}, GOOD | {"draft": None}, GOOD):
        with tenant_context(pair[0]):
            report(said)
        with tenant_context(caisse_of_schema(schema="gie")):
            facts = CaisseReport.objects.get(caisse=pair[0]).facts
        assert facts == GOOD["facts"] | ({"draft": draft} if said.get("draft") else {})


@pytest.mark.parametrize(
    "draft",
    [
        "Odile",
        {"author": "Odile", "at": "2026-10-22T12:00:00+00:00"},
        {"author": "Odile", "at": "hier", "written_from": 1},
        {"author": "x" * 121, "at": "2026-10-22T12:00:00+00:00", "written_from": 1},
        {"author": "Odile", "at": "2026-10-22T12:00:00+00:00", "written_from": "1"},
        {"author": "Odile", "at": "2026-10-22T12:00:00+00:00", "written_from": 1, "document": {}},
    ],
)
def test_a_draft_that_says_anything_else_is_refused(pair: tuple[Caisse, Caisse], draft: Any) -> None:
    with tenant_context(pair[0]), pytest.raises(DataError, match="not a report: draft"):
        report(GOOD | {"draft": draft})


def _facts(value: Any) -> dict[str, Any]:
    return GOOD | {"facts": {"products": value}}


def _figure(value: Any, name: str = "clients") -> dict[str, Any]:
    return GOOD | {"figures": {name: value}}


REFUSED: dict[str, Any] = {
    "nothing": ...,
    "null": None,
    "a list": [GOOD],
    "a text": "figures",
    "no part at all": {},
    "a part missing": {key: value for key, value in GOOD.items() if key != "lag"},
    "a part too many": GOOD | {"caisse": "beta"},
    "a lag in words": GOOD | {"lag": "2"},
    "a lag below zero": GOOD | {"lag": -1},
    "a lag in parts": GOOD | {"lag": 1.5},
    "figures that are a list": GOOD | {"figures": [1]},
    "figures that are nothing": GOOD | {"figures": None},
    "too many figures": GOOD | {"figures": {f"f{number}": 1 for number in range(61)}},
    "a figure that is a name": _figure("Anne Alpha"),
    "a figure that is an address": _figure("anne@example.org"),
    "a figure that is a phone": _figure("+33639980001"),
    "a figure that is a long number": _figure(1000000001),
    "a figure below zero": _figure(-1),
    "a figure with a decimal": _figure(1.5),
    "a figure that is a list": _figure(["Anne"]),
    "a figure that is a table": _figure({"name": "Anne"}),
    "a figure that is true": _figure(value=True),
    "a moment that says more": _figure("2026-10-21T12:00:00+00:00 Anne"),
    "a moment on two lines": _figure("2026-10-21T12:00:00+00:00\nAnne"),
    "a figure named by a person": _figure(1, name="Anne Alpha"),
    "a fact in a sentence": _facts("Anne est passée"),
    "a fact that is an address": _facts("anne@example.org"),
    "a fact that holds a table": _facts({"name": "anne"}),
    "a list of sentences": _facts(["pawn_loans", "Anne Alpha"]),
    "a list of lists": _facts([["anne"]]),
    "a list too long": _facts(["a"] * 61),
    "findings that are a table": GOOD | {"findings": FINDING},
    "a finding that is a text": GOOD | {"findings": ["Anne"]},
    "a finding with more to say": GOOD | {"findings": [FINDING | {"client": "Anne"}]},
    "a finding without its rule": GOOD
    | {"findings": [{key: value for key, value in FINDING.items() if key != "rule"}]},
    "a finding of no level": GOOD | {"findings": [FINDING | {"level": "info"}]},
    "a finding of no label": GOOD | {"findings": [FINDING | {"label": "loi"}]},
    "a finding that is a book": GOOD | {"findings": [FINDING | {"message": "m" * 4001}]},
    "a finding that says nothing": GOOD | {"findings": [FINDING | {"message": None}]},
    "too many findings": GOOD | {"findings": [FINDING] * 101},
    "a version without its author": GOOD | {"versions": [{"number": 1, "reason": "r", "at": VERSION["at"]}]},
    "a version with its document": GOOD | {"versions": [VERSION | {"document": {}}]},
    "a version without a number": GOOD | {"versions": [VERSION | {"number": "1"}]},
    "a version of no day": GOOD | {"versions": [VERSION | {"at": "hier"}]},
    "a reason that is a book": GOOD | {"versions": [VERSION | {"reason": "r" * 401}]},
    "too many versions": GOOD | {"versions": [VERSION] * 101},
    "more than its room": GOOD | {"findings": [FINDING | {"message": "m" * 4000}] * 70},
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_report_is_refused_whole(what: str, in_alpha: Caisse) -> None:
    with pytest.raises(DataError, match="not a report"):
        report(REFUSED[what])


def test_what_fills_its_room_is_taken(in_alpha: Caisse) -> None:
    report(GOOD | {"findings": [FINDING | {"message": "m" * 2000}] * 100, "versions": [VERSION] * 100})
    report(GOOD | {"lag": None, "figures": {}, "facts": {}, "findings": [], "versions": []})
