"""`manage.py journal verify`."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.journal.domain.verification import Broken, What
from tenant_apps.journal.verify_journal import Report, verify_journal
from tenants.management.commands.keys import named_caisses

_WORDS: dict[What, str] = {
    "seal_missing": "un ou plusieurs sceaux manquent avant celui-ci",
    "seal_altered": "le sceau a été modifié",
    "seal_unchained": "le sceau ne suit pas le précédent",
    "seal_forged": "le sceau n’a pas été fait avec la clé de la caisse",
    "events_missing": "{count} événement(s) manquent",
    "events_added": "{count} événement(s) ont été ajoutés",
    "events_altered": "un ou plusieurs événements ont été modifiés ou déplacés",
    "address_altered": "{count} adresse(s) ont été modifiées",
    "address_missing": "{count} adresse(s) ont été effacées avant le terme",
    "head_unsigned": "le dernier sceau n’est d’aucune clé connue ici",
}


class Command(BaseCommand):
    help = "The journal of the caisses."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        verify = commands.add_parser(
            "verify", help="whether events and seals are as they were sealed; ends with 1 when one is not"
        )
        verify.add_argument("schemas", nargs="*", help="all caisses when none is named")
        verify.add_argument("--json", action="store_true", help="print one object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        reports: dict[str, Report] = {}
        for caisse in named_caisses(options["schemas"]):
            with tenant_context(caisse):
                reports[caisse.schema_name] = verify_journal(now=timezone.now(), progress=self._progress)
            if not options["json"]:
                self._describe(caisse.schema_name, reports[caisse.schema_name])
        if options["json"]:
            self.stdout.write(json.dumps({name: as_json(each) for name, each in reports.items()}, indent=2))
        failed = [name for name, each in reports.items() if not each.whole]
        if failed:
            first = next(
                (
                    f"{name}, bloc {each.verified.broken[0].block}"
                    for name, each in reports.items()
                    if each.verified.broken
                ),
                f"{failed[0]}, événements sans sceau",
            )
            raise CommandError(f"le journal n’est pas entier : {', '.join(failed)}. Premier défaut : {first}")

    def _progress(self, events: int) -> None:
        self.stderr.write(f"  {events} événements relus")

    def _describe(self, schema: str, report: Report) -> None:
        done = report.verified
        since = f", depuis le {_day(done.since)}" if done.since else ""
        self.stdout.write(f"{schema} : {done.blocks} bloc(s), {done.events} événement(s){since}")
        if done.head:
            self.stdout.write(f"  dernier sceau : bloc {done.head.number}, {done.head.chained}")
        if done.erased_addresses:
            self.stdout.write(f"  {done.erased_addresses} adresse(s) effacées")
        if report.unsealed_since:
            late = " : le scellement a du retard" if report.late else ""
            moment = f"le plus ancien du {_day(report.unsealed_since)}"
            self.stdout.write(f"  {report.unsealed} événement(s) pas encore scellés, {moment}{late}")
        for broken in done.broken:
            self.stdout.write(
                f"  bloc {broken.block} : {_in_words(broken)} (lignes {broken.first} à {broken.last})"
            )
        if done.found > len(done.broken):
            self.stdout.write(f"  … et {done.found - len(done.broken)} autre(s) défaut(s)")


def as_json(report: Report) -> dict[str, Any]:
    done = report.verified
    return {
        "whole": report.whole,
        "blocks": done.blocks,
        "events": done.events,
        "since": _iso(done.since),
        "until": _iso(done.until),
        "head": {"block": done.head.number, "digest": done.head.chained} if done.head else None,
        "erased_addresses": done.erased_addresses,
        "unsealed": report.unsealed,
        "unsealed_since": _iso(report.unsealed_since),
        "unsealed_late": report.late,
        "found": done.found,
        "broken": [asdict(each) for each in done.broken],
    }


def _in_words(broken: Broken) -> str:
    return _WORDS[broken.what].format(count=broken.count)


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y à %H:%M}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
