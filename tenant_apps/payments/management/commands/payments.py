"""`manage.py payments reconcile`."""

import json
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.payments.difference_words import in_words
from tenant_apps.payments.models import DayReport
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.services.ledger_check import misplaced
from tenant_apps.payments.services.reconcile import reconcile_day
from tenants.management.commands.keys import named_caisses


class Command(BaseCommand):
    help = "Card payments of the caisses."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        reconcile = commands.add_parser(
            "reconcile",
            help="compare a day with the provider's list and keep the report; ends with 1 when they differ",
        )
        reconcile.add_argument("schema")
        reconcile.add_argument("--day", type=_day, help="as 2026-10-21; yesterday when none is given")
        reconcile.add_argument("--json", action="store_true", help="print one object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        day: date = options["day"] or timezone.localdate(now) - timedelta(days=1)
        (caisse,) = named_caisses([options["schema"]])
        with tenant_context(caisse):
            try:
                report = reconcile_day(day=day, now=now)
            except ProviderError as error:
                raise CommandError(f"le prestataire ne répond pas : {error}") from error
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
        self.stdout.write(
            f"{report.day} : encaissé {report.ours_captured} (prestataire {report.theirs_captured}),"
            f" remboursé {report.ours_refunded} (prestataire {report.theirs_refunded})"
        )
        for each in report.differences:
            self.stdout.write(f"  {in_words(each)}")


def _day(text: str) -> date:
    return date.fromisoformat(text)
