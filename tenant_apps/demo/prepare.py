"""Everything that the demo needs before it answers: database, caisses, people, static files."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.demo.load import load_person
from tenant_apps.demo.people import demo_people
from tenants.policy.apply_file import apply_plan, plan_files
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
    _load_people(say)
    write_reports()
    call_command("collectstatic", interactive=False, verbosity=0)


def _load_people(say: Callable[[str], None]) -> None:
    people = demo_people()
    for schema in sorted({person.caisse for person in people}):
        with tenant_context(caisse_of_schema(schema=schema)):
            mine = [person for person in people if person.caisse == schema]
            for person in mine:
                load_person(person=person, now=timezone.now())
            say(f"{schema} : {len(mine)} personne(s) inventée(s)")


def write_reports() -> None:
    """Before any worker runs: the console is never empty."""
    for caisse in list(caisses_with_schema()):
        with tenant_context(caisse):
            write_report(now=timezone.now())
