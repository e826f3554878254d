"""`manage.py agencies apply CAISSE FILE [--check]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.agencies.apply_file import apply_agencies, plan_agencies
from tenant_apps.agencies.stranded import stranded_appointments
from tenants.models import Kind
from tenants.policy.selectors import published_of
from tenants.policy.toml_file import FileRefused


class Command(BaseCommand):
    help = "The agencies of a caisse as a file: hours, closures, counters, purposes."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        apply = commands.add_parser(
            "apply", help="make the agencies as the file says; prints the differences"
        )
        apply.add_argument("caisse", help="the schema of the caisse")
        apply.add_argument("file", type=Path)
        apply.add_argument("--check", action="store_true", help="print the differences, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        caisse = published_of(schema=options["caisse"]).caisse
        if caisse is None or caisse.kind != Kind.CAISSE:
            raise CommandError(f"aucune caisse « {options['caisse']} » : `manage.py caisse list` les montre")
        with tenant_context(caisse):
            try:
                plan = plan_agencies(options["file"])
            except FileRefused as refused:
                raise CommandError(f"{refused}\nRien n’a été changé.") from refused
            for change in plan.changes:
                self.stdout.write(f"  {change}")
            if options["check"]:
                return
            apply_agencies(plan)
            self.stdout.write(f"{caisse.schema_name} : {_summary(len(plan.changes))}")
            for agency, count in stranded_appointments(now=timezone.now()):
                self.stdout.write(
                    f"{agency.code} : {count} rendez-vous hors des heures d’ouverture, à annuler ou à déplacer"
                )


def _summary(changes: int) -> str:
    return f"{changes} changement(s)" if changes else "inchangé"
