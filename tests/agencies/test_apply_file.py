"""Agencies as a file: what is written, what is refused with its line, and what the command says."""

import tomllib
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from django.conf import settings
from django.core.management import CommandError, call_command
from django_tenants.utils import tenant_context

from tenant_apps.agencies.document import stored_document
from tenant_apps.agencies.domain.file import AgenciesFile
from tenant_apps.agencies.models import Agency, Purpose, Resource
from tenants.models import Caisse
from tests.agencies.agenda import HERE, NOW, again, apply, as_json, at, book, example, in_days
from tests.clock import Clock

FILE = HERE / "agencies.toml"


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("agencies", "apply", *arguments, stdout=out)
    return out.getvalue().replace("\u202f", " ")


@pytest.fixture
def written(tmp_path: Path) -> Callable[[dict[str, Any]], str]:
    def write(document: dict[str, Any]) -> str:
        path = tmp_path / "agencies.toml"
        path.write_text(tomlkit.dumps(document), encoding="utf-8")
        return str(path)

    return write


def stored(caisse: Caisse) -> dict[str, Any]:
    with tenant_context(caisse):
        return stored_document()


def test_a_file_is_applied_once_and_says_what_it_changed(alpha: Caisse, beta: Caisse) -> None:
    first = command("alpha", str(FILE))
    assert "+ agencies.centre.purposes.redeem.duration = 30 min" in first
    assert "+ agencies.centre.timetables.2026-01-01.friday = 09:00-12:00" in first
    assert command("alpha", str(FILE)) == "alpha : inchangé\n"
    assert stored(alpha) == AgenciesFile.model_validate_json(as_json(example())).model_dump(mode="json")
    assert stored(beta) == {}


def test_with_check_nothing_is_changed(alpha: Caisse) -> None:
    assert "+ rules.open_at_once = 3" in command("alpha", str(FILE), "--check")
    assert stored(alpha) == {}


def test_a_change_is_told_value_by_value(alpha: Caisse, written: Callable[[dict[str, Any]], str]) -> None:
    command("alpha", str(FILE))
    document = example()
    document["rules"]["late_after"] = "48 h"
    centre = document["agencies"][0]
    centre["resources"][0]["capacity"] = 3
    centre["closures"] = []
    centre["timetables"][0]["friday"] = ["09:00-12:00", "14:00-16:00"]
    said = command("alpha", written(document))
    for line in (
        "~ rules.late_after : 24 h → 2 jours",
        "~ agencies.centre.resources.guichets.capacity : 2 → 3",
        "- agencies.centre.closures.2026-09-17.reason.fr (était : Un inventaire)",
        "~ agencies.centre.timetables.2026-01-01.friday : 09:00-12:00 → 09:00-12:00, 14:00-16:00",
    ):
        assert line in said
    assert command("alpha", written(document)) == "alpha : inchangé\n"


def test_an_agency_that_is_in_no_file_any_more_closes_and_keeps_its_appointments(
    alpha: Caisse, now: Clock, written: Callable[[dict[str, Any]], str]
) -> None:
    apply(alpha, example())
    booked = book(alpha, at(9, 30, day=in_days(2)))
    document = example()
    document["agencies"][0]["code"] = "gare"
    said = command("alpha", written(document))
    assert "centre : 1 rendez-vous hors des heures d’ouverture" in said
    with tenant_context(alpha):
        assert [each.code for each in Agency.objects.filter(is_open=True)] == ["gare"]
    assert again(alpha, booked.uuid).agency.code == "centre"
    assert command("alpha", str(FILE)).startswith("  ~ agencies : gare → centre")


def test_a_counter_and_a_purpose_that_are_taken_away_leave_what_was_booked(
    alpha: Caisse, written: Callable[[dict[str, Any]], str]
) -> None:
    apply(alpha, example())
    booked = book(alpha, at(9, 30, day=in_days(2)))
    document = example()
    document["agencies"][0]["resources"].pop(0)
    document["agencies"][0]["purposes"].pop(0)
    command("alpha", written(document))
    with tenant_context(alpha):
        assert list(Resource.objects.filter(in_use=True).values_list("code", flat=True)) == ["expert"]
        assert list(Purpose.objects.values_list("kind", flat=True)) == ["appraisal"]
    assert again(alpha, booked.uuid).resource.code == "guichets"


def test_new_hours_tell_which_appointments_they_leave_outside(
    alpha: Caisse, now: Clock, written: Callable[[dict[str, Any]], str]
) -> None:
    apply(alpha, example())
    for hour in (9, 14):
        book(alpha, at(hour, 0, day=in_days(2)))
    document = example()
    document["agencies"][0]["timetables"].append({"starts_on": in_days(1), "wednesday": ["09:00-12:00"]})
    assert "centre : 1 rendez-vous hors des heures d’ouverture" in command("alpha", written(document))
    assert at(9, 0, day=in_days(2)) > NOW


def breaking(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    document = example()
    change(document)
    return document


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d.pop("rules"), "il manque la clé « rules »"),
        (lambda d: d["rules"].update(late="never"), "une valeur parmi accepted, agency est attendue"),
        (lambda d: d["rules"].update(open_at_once=0), "1 au moins"),
        (lambda d: d["agencies"][0].update(nam="x"), "clé inconnue « nam » ; vouliez-vous dire « name » ?"),
        (lambda d: d["agencies"][0].update(code="Le Centre"), "ce texte n’a pas la forme attendue"),
        (lambda d: d["agencies"].append(d["agencies"][0]), "code écrit deux fois : centre"),
        (lambda d: d["agencies"][0].update(public_holidays="75"), "vide pour toute la France, ou : 57"),
        (lambda d: first(d, "timetables").update(monday=["9h-12h"]), "des heures s’écrivent « 09:00-12:30 »"),
        (lambda d: first(d, "timetables").update(monday=["12:00-09:00"]), "vient après celle d’ouverture"),
        (lambda d: first(d, "timetables").update(monday=["09:02-12:00"]), "un multiple de 5 minutes"),
        (
            lambda d: first(d, "timetables").update(monday=["09:00-12:00", "11:00-14:00"]),
            "se suivent sans se toucher",
        ),
        (
            lambda d: d["agencies"][0]["timetables"].append(first(d, "timetables")),
            "starts_on écrit deux fois",
        ),
        (lambda d: first(d, "closures").update(last=in_days(-30)), "le dernier jour suit le premier"),
        (lambda d: first(d, "resources").update(capacity=0), "1 au moins"),
        (lambda d: first(d, "purposes").update(duration="7 min"), "un multiple de 5 minutes"),
        (lambda d: first(d, "purposes").update(duration="5 h"), "de 5 min à 4 h"),
        (lambda d: first(d, "purposes").update(kind="sell"), "une valeur parmi bring"),
        (lambda d: first(d, "purposes").update(resources=["cave"]), "n’est pas dans l’agence : cave"),
        (lambda d: first(d, "purposes").update(resources=[]), "1 élément au moins"),
        (lambda d: first(d, "purposes").update(days_ahead=999), "180 au plus"),
    ],
)
def test_what_is_wrong_is_refused_with_its_reason_and_nothing_is_written(
    alpha: Caisse,
    written: Callable[[dict[str, Any]], str],
    change: Callable[[dict[str, Any]], None],
    reason: str,
) -> None:
    path = written(breaking(change))
    with pytest.raises(CommandError) as refused:
        command("alpha", path)
    said = str(refused.value).replace("\u202f", " ").replace("\xa0", " ")
    assert reason in said
    assert said.endswith("Rien n’a été changé.")
    assert f"{path}:" in said
    assert stored(alpha) == {}


def first(document: dict[str, Any], table: str) -> dict[str, Any]:
    found: dict[str, Any] = document["agencies"][0][table][0]
    return found


@pytest.mark.parametrize("schema", ["nowhere", "gie", "public"])
def test_only_a_caisse_has_agencies(alpha: Caisse, schema: str) -> None:
    with pytest.raises(CommandError, match="aucune caisse"):
        command(schema, str(FILE))


def test_the_files_of_the_demo_hold_together() -> None:
    found = {
        path.stem: AgenciesFile.model_validate_json(as_json(tomllib.loads(path.read_text(encoding="utf-8"))))
        for path in (Path(settings.FIXTURES) / "agencies").glob("*.toml")
    }
    assert {name: len(file.agencies) for name, file in found.items()} == {"nimes": 1, "paris": 3}
