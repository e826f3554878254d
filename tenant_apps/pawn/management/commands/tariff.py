"""`manage.py tariff check | apply | list | show | simulate | schema`."""

import getpass
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.formatting import date_long
from guichet.kernel.money import Money
from guichet.tenancy.roles import PUBLIC, SCHEMA_NAME
from tenant_apps.pawn.domain.tariffs.check import check
from tenant_apps.pawn.domain.tariffs.debt import RefusedError, simulate
from tenant_apps.pawn.domain.tariffs.document import YEARS, TariffDocument
from tenant_apps.pawn.domain.tariffs.reading import TariffFile, read_tariff_file
from tenant_apps.pawn.domain.tariffs.signing import compared
from tenant_apps.pawn.domain.tariffs.tariff import TaegOnlyError, tariff_of
from tenant_apps.pawn.domain.tariffs.words import case_in_words, known_in_words
from tenant_apps.pawn.domain.tariffs.writing import to_toml
from tenant_apps.pawn.tariffs.apply_tariff import (
    AppliedMeanwhileError,
    TariffRefusedError,
    TariffSignedError,
    apply_tariff,
)
from tenant_apps.pawn.tariffs.in_words import (
    Simulated,
    as_json,
    refusal_in_words,
    simulation_in_words,
)
from tenant_apps.pawn.tariffs.selectors import (
    NoTariffError,
    document_of,
    tariff_in_force,
    tariffs_here,
)
from tenants.models import Caisse
from tenants.policy.apply_file import in_words
from tenants.policy.checks.finding import Finding
from tenants.policy.selectors import published_of
from tenants.policy.toml_file import FileRefused
from tenants.policy.typography import french

# As the table has it.
LONGEST = {"author": 120, "reason": 400}
LEVELS = {"error": "erreur", "warning": "avertissement"}
NOTHING = "Rien n’a été changé."


@dataclass(frozen=True, slots=True)
class Subject:
    """A tariff and where it stands: in a file, with its lines, or in a caisse."""

    name: str
    document: TariffDocument
    file: TariffFile | None = None

    def place(self, finding: Finding) -> str:
        if self.file is None:
            return self.name
        steps = tuple(int(step) if step.isdigit() else step for step in finding.path.split("."))
        return f"{self.name}:{self.file.line_of(steps)}"


class Command(BaseCommand):
    help = "Tariffs of pawn loans: check and apply a file, list, show, simulate a loan."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        check_ = commands.add_parser("check", help="check, usury ceilings included; changes nothing")
        check_.add_argument("targets", nargs="+", help="a file, or the schema of a caisse")
        check_.add_argument("--on", default="", help="at the ceilings of that day of signing alone")
        apply = commands.add_parser("apply", help="make a file the caisse's tariff, from its valid_from on")
        apply.add_argument("schema")
        apply.add_argument("file", type=Path)
        apply.add_argument("--author", default="")
        apply.add_argument("--reason", default="fichier appliqué")
        list_ = commands.add_parser("list", help="the tariffs of a caisse, the latest first")
        list_.add_argument("schema")
        show = commands.add_parser("show", help="the tariff of a caisse in force on a day, as a file")
        show.add_argument("schema")
        show.add_argument("--on", default="", help="default: today")
        simulation = commands.add_parser("simulate", help="what a loan would cost")
        simulation.add_argument("target", help="the schema of a caisse, or a file")
        simulation.add_argument("--capital", required=True, help="such as 1000 or 1000.00")
        simulation.add_argument("--from", dest="start", required=True, help="such as 2026-01-15")
        simulation.add_argument("--months", type=int, required=True)
        simulation.add_argument("--json", action="store_true")
        commands.add_parser("schema", help="JSON Schema of a tariff file, for editors")

    def handle(self, *args: Any, **options: Any) -> None:
        acts: dict[str, Callable[[dict[str, Any]], None]] = {
            "check": self._check,
            "apply": self._apply,
            "list": self._list,
            "show": self._show,
            "simulate": self._simulate,
            "schema": self._schema,
        }
        try:
            acts[options["command"]](options)
        except FileRefused as refused:
            raise CommandError(f"{refused}\n{NOTHING}") from refused

    def _check(self, options: dict[str, Any]) -> None:
        on = _day("--on", options["on"]) if options["on"] else None
        subjects = [subject for target in options["targets"] for subject in _subjects(target, on)]
        refused = 0
        for subject in subjects:
            today = timezone.localdate() if subject.file is None and on is None else None
            verdict = check(subject.document, on=on, today=today)
            for finding in verdict.findings:
                said = f"{LEVELS[finding.level]} : {in_words(finding)}"
                self.stdout.write(french(f"{subject.place(finding)}: {said}"))
            for case in verdict.worst:
                self.stdout.write(french(f"{subject.name} : le plus cher : {case_in_words(case)}"))
            errors = len(verdict.errors)
            others = len(verdict.findings) - errors
            self.stdout.write(f"{subject.name} : {errors} erreur(s), {others} avertissement(s)")
            refused += bool(errors)
        for line in known_in_words():
            self.stdout.write(french(line))
        if refused:
            raise CommandError(f"{refused} tarif(s) ne passent pas les contrôles")

    def _apply(self, options: dict[str, Any]) -> None:
        caisse, subject = _caisse(options["schema"]), _of_file(read_tariff_file(options["file"]))
        author, reason = _signature(options)
        with tenant_context(caisse):
            try:
                applied = apply_tariff(
                    document=subject.document, author=author, reason=reason, at=timezone.now()
                )
            except TariffRefusedError as refused:
                said = "\n".join(f"{subject.place(each)}: {in_words(each)}" for each in refused.findings)
                raise CommandError(f"{said}\n{NOTHING}") from refused
            except (TariffSignedError, AppliedMeanwhileError) as error:
                raise CommandError(f"{subject.name}: {_WORDS[type(error)]}\n{NOTHING}") from error
        for finding in applied.warnings:
            self.stdout.write(f"{subject.place(finding)}: {LEVELS[finding.level]} : {in_words(finding)}")
        what = "appliqué" if applied.created else "inchangé"
        since = date_long(applied.tariff.valid_from, "fr")
        self.stdout.write(f"{caisse.schema_name} : tarif {applied.tariff.number} {what}, depuis le {since}")

    def _list(self, options: dict[str, Any]) -> None:
        with tenant_context(_caisse(options["schema"])):
            found = tariffs_here()
        for each in found:
            self.stdout.write(
                f"{each.number:>4}  {each.valid_from:%Y-%m-%d}  {each.label} ({each.author} : {each.reason})"
            )
        if not found:
            self.stdout.write("aucun tarif : `manage.py tariff apply CAISSE FICHIER` en applique un")

    def _show(self, options: dict[str, Any]) -> None:
        day = _day("--on", options["on"]) if options["on"] else timezone.localdate()
        self.stdout.write(to_toml(_in_force(options["schema"], day)), ending="")

    def _simulate(self, options: dict[str, Any]) -> None:
        start, capital = _day("--from", options["start"]), _sum(options["capital"])
        document = self._document(options["target"], start)
        try:
            simulation = simulate(
                tariff=tariff_of(document), capital=capital, start=start, months=options["months"]
            )
        except RefusedError as refused:
            raise CommandError(refusal_in_words(refused.refusal, document)) from refused
        except TaegOnlyError as error:
            raise CommandError("ce tarif ne dit que des TAEG : il ne suffit pas pour calculer") from error
        simulated = Simulated(document, simulation, compared(simulation))
        if options["json"]:
            self.stdout.write(json.dumps(as_json(simulated), ensure_ascii=False, indent=2))
        else:
            for line in simulation_in_words(simulated):
                self.stdout.write(line)
        for warning in simulated.warnings():
            self.stderr.write(french(f"Attention : {warning}."))

    def _document(self, target: str, day: date) -> TariffDocument:
        if _is_file(target):
            return read_tariff_file(Path(target)).document
        return _in_force(target, day)

    def _schema(self, options: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(TariffDocument.model_json_schema(), ensure_ascii=False, indent=2))


_WORDS: dict[type[Exception], str] = {
    TariffSignedError: "un prêt a été signé sous le tarif de cette date : donnez une date valid_from plus tard",
    AppliedMeanwhileError: "un autre tarif vient d’être appliqué à cette caisse : recommencez",
}


def _caisse(schema: str) -> Caisse:
    found = published_of(schema=schema)
    if found.caisse is None or found.number == 0 or schema == PUBLIC:
        raise CommandError(french(f"aucune caisse « {schema} » : `manage.py caisse list` les montre"))
    return found.caisse


def _in_force(schema: str, day: date) -> TariffDocument:
    with tenant_context(_caisse(schema)):
        try:
            return document_of(tariff=tariff_in_force(on=day))
        except NoTariffError as error:
            said = f"{schema} n’a pas de tarif au {date_long(day, 'fr')} : `manage.py tariff list {schema}` les montre"
            raise CommandError(french(said)) from error


def _subjects(target: str, on: date | None) -> list[Subject]:
    """A file, or what new loans of a caisse are signed under: today, or on the day that is asked about."""
    if _is_file(target):
        return [_of_file(read_tariff_file(Path(target)))]
    return [Subject(target, _in_force(target, on or timezone.localdate()))]


def _of_file(file: TariffFile) -> Subject:
    return Subject(str(file.path), file.document, file)


def _is_file(target: str) -> bool:
    return SCHEMA_NAME.fullmatch(target) is None or Path(target).is_file()


def _day(option: str, written: str) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        said = f"{option} : « {written} » n’est pas une date comme 2026-01-15"
        raise CommandError(french(said)) from error
    if day.year not in YEARS:
        raise CommandError(french(f"{option} : une année de {YEARS[0]} à {YEARS[-1]}"))
    return day


def _sum(written: str) -> Money:
    """Digits and a point: Python's own numbers take more, such as `1_000` and the digits of other scripts."""
    if re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,2})?", written, re.ASCII) is None:
        said = (
            f"--capital : « {written} » n’est pas une somme comme 1000 ou 1000.00 : des chiffres de 0 à 9, "
            "et au plus deux après un point"
        )
        raise CommandError(french(said))
    return Money.of(written)


def _signature(options: dict[str, Any]) -> tuple[str, str]:
    """Who signs a tariff, and why."""
    author, reason = options["author"].strip() or getpass.getuser(), options["reason"].strip()
    for name, text in (("author", author), ("reason", reason)):
        if not 0 < len(text) <= LONGEST[name]:
            raise CommandError(french(f"--{name} : 1 à {LONGEST[name]} caractères\n{NOTHING}"))
    return author, reason
