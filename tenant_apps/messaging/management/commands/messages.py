"""`manage.py messages bounced`: what a mail server does with the mails that come back."""

import sys
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone

from tenant_apps.messaging.domain.returns import NotAReportError
from tenant_apps.messaging.receive_bounce import NobodysBounceError, receive_bounce
from tenants.policy.typography import french

# sysexits.h, as a mail server reads them: it tries again after the last one only.
NOT_A_REPORT, NOBODYS, LATER = 65, 67, 75
MOST_BYTES = 1024 * 1024


class Command(BaseCommand):
    # What is read in the place of standard input.
    stealth_options = ("source",)
    help = "Take back mails that did not arrive: the outbox shows them to the agency."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        bounced = commands.add_parser(
            "bounced", help="read a delivery status notification from standard input"
        )
        bounced.add_argument(
            "--to", default="", help="the address it was sent to; by default, as its headers say"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source: BinaryIO = options.get("source") or sys.stdin.buffer
        try:
            found = receive_bounce(data=source.read(MOST_BYTES), to=options["to"], now=timezone.now())
        except NotAReportError as error:
            raise CommandError(
                french(f"ceci n’est pas un rapport de remise : {error}"), returncode=NOT_A_REPORT
            ) from error
        except NobodysBounceError as error:
            raise CommandError("ce rapport ne nomme aucun de nos messages", returncode=NOBODYS) from error
        except OperationalError as error:
            raise CommandError("PostgreSQL ne répond pas", returncode=LATER) from error
        what = f"{found.why}{'' if found.news else ' (known already)'}" if found.why else "nothing is lost"
        self.stdout.write(f"{found.schema} {found.reference}: {what}")
