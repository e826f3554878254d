"""`manage.py payments reconcile`."""

import json
import logging
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override
from django_tenants.utils import tenant_context

from guichet.web.templatetags.guichet import date_long, euros
from tenant_apps.payments.difference_words import in_words
from tenant_apps.payments.models import DayReport
from tenant_apps.payments.providers.port import NoProviderError, NotSetUpError, ProviderError
from tenant_apps.payments.services.ledger_check import misplaced
from tenant_apps.payments.services.reconcile import reconcile_day
from tenants.management.commands.keys import named_caisses
from tenants.policy.typography import french

log = logging.getLogger(__name__)
# Nobody paid here before.
EARLIEST = date(2020, 1, 1)


class Command(BaseCommand):
    help = "Card payments of the caisses."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        reconcile = commands.add_parser(
            "reconcile",
            help="compare a day with the provider's list and keep the report; ends with 1 when they differ",
        )
        reconcile.add_argument("schema")
        reconcile.add_argument("--day", help="as 2026-10-21; yesterday when none is given")
        reconcile.add_argument("--json", action="store_true", help="print one object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        day = _day(options["day"], today=timezone.localdate(now))
        (caisse,) = named_caisses([options["schema"]])
        with tenant_context(caisse), override("fr"):
            try:
                report = reconcile_day(day=day, now=now)
            except ProviderError as error:
                raise CommandError(french(_refused(error, caisse.schema_name))) from error
            lost = misplaced()
            self._tell(report, as_json=options["json"])
        if lost:
            raise CommandError(f"{len(lost)} paiement(s) dont la somme n’est pas entière sur ses lignes")
        if report.differences:
            raise CommandError(f"{len(report.differences)} différence(s)")

    def _tell(self, report: DayReport, *, as_json: bool) -> None:
        sums = {
            "ours_captured": report.ours_captured,
            "theirs_captured": report.theirs_captured,
            "ours_refunded": report.ours_refunded,
            "theirs_refunded": report.theirs_refunded,
        }
        if as_json:
            said = {name: str(each) for name, each in sums.items()}
            self.stdout.write(
                json.dumps(
                    {"day": report.day.isoformat(), **said, "differences": report.differences}, indent=2
                )
            )
            return
        written = {name: euros(each) for name, each in sums.items()}
        self.stdout.write(
            french(
                "{day} : encaissé {ours_captured} (prestataire {theirs_captured}),"
                " remboursé {ours_refunded} (prestataire {theirs_refunded})"
            ).format(day=date_long(report.day), **written)
        )
        for each in report.differences:
            self.stdout.write(f"  {in_words(each)}")


def _day(written: str | None, *, today: date) -> date:
    """Raises CommandError."""
    if written is None:
        return today - timedelta(days=1)
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        raise CommandError(french(f"--day : « {written} » n’est pas une date comme 2026-10-21")) from error
    if not EARLIEST <= day <= today:
        raise CommandError(
            french(f"--day : un jour du {date_long(EARLIEST)} au {date_long(today)} est attendu")
        )
    return day


def _refused(error: ProviderError, schema: str) -> str:
    """What an operator does about it; the log has the rest."""
    log.warning("the days of %s cannot be compared: %s", schema, error)
    if isinstance(error, NoProviderError):
        return (
            "le prestataire que la caisse nomme n’est pas dans la liste du groupement. Rien n’a été comparé."
        )
    if isinstance(error, NotSetUpError):
        return (
            "les clés du prestataire manquent, ou ne s’ouvrent pas : `manage.py caisse secret set "
            f"{schema} payments.key` les demande. Rien n’a été comparé."
        )
    return "le prestataire ne répond pas : réessayez plus tard. Rien n’a été comparé."
