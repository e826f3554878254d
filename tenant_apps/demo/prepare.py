"""Everything that the demo needs before it answers: database, caisses, people, static files."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.agencies.apply_file import apply_agencies, plan_agencies
from tenant_apps.demo.expected_today import load_expected
from tenant_apps.demo.load import load_person
from tenant_apps.demo.load_appointments import load_appointments
from tenant_apps.demo.loans import load_loans
from tenant_apps.demo.people import demo_people
from tenant_apps.pawn.domain.tariffs.reading import read_tariff_file
from tenant_apps.pawn.products import PRODUCT
from tenant_apps.pawn.tariffs.apply_tariff import apply_tariff
from tenants.policy.apply_file import apply_plan, plan_files
from tenants.policy.current import current_policy
from tenants.policy.selectors import published_of
from tenants.provisioning.deploy import deploy
from tenants.reports.write_report import write_report
from tenants.selectors import caisse_of_schema, caisses_with_schema

AUTHOR = "démonstration"


def prepare(*, say: Callable[[str], None]) -> None:
    """Idempotent; warm, it costs a second or two."""
    say("base de données")
    deploy(say=say)
    for plan in plan_files(sorted((Path(settings.FIXTURES) / "caisses").glob("*.toml"))):
        done = apply_plan(plan, author=AUTHOR, reason="fichier de démonstration")
        say(f"{done.schema} : {done.summary}")
    _load_tariffs(say)
    _load_people(say)
    _load_agencies(say)
    write_reports()
    call_command("collectstatic", interactive=False, verbosity=0)


def _load_tariffs(say: Callable[[str], None]) -> None:
    """A file bears the name of the schema; a grid of a town whose caisse lends on no pledge here stays a file."""
    for path in sorted((Path(settings.FIXTURES) / "tariffs").glob("*.toml")):
        caisse = published_of(schema=path.stem).caisse
        if caisse is None:
            continue
        with tenant_context(caisse):
            if PRODUCT not in current_policy().products:
                continue
            done = apply_tariff(
                document=read_tariff_file(path).document,
                author=AUTHOR,
                reason="fichier de démonstration",
                at=timezone.now(),
            )
        say(f"{path.stem} : tarif {done.tariff.number}, {'appliqué' if done.created else 'inchangé'}")


def _load_people(say: Callable[[str], None]) -> None:
    people = demo_people()
    for schema in sorted({person.caisse for person in people}):
        with tenant_context(caisse_of_schema(schema=schema)):
            mine = [person for person in people if person.caisse == schema]
            for person in mine:
                load_person(person=person, now=timezone.now())
            say(f"{schema} : {len(mine)} personne(s) inventée(s)")
            if loans := load_loans(schema=schema, now=timezone.now()):
                say(f"{schema} : {loans} prêt(s) sur gage inventé(s)")


def _load_agencies(say: Callable[[str], None]) -> None:
    people = demo_people()
    for path in sorted((Path(settings.FIXTURES) / "agencies").glob("*.toml")):
        with tenant_context(caisse_of_schema(schema=path.stem)):
            plan = plan_agencies(path)
            apply_agencies(plan)
            for person in people:
                if person.caisse == path.stem and person.appointments:
                    load_appointments(person=person, now=timezone.now())
            load_expected(schema=path.stem, now=timezone.now())
            say(f"{path.stem} : {len(plan.file.agencies)} agence(s)")


def write_reports() -> None:
    """Before any worker runs: the console is never empty."""
    for caisse in list(caisses_with_schema()):
        with tenant_context(caisse):
            write_report(now=timezone.now())
