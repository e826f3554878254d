"""`manage.py demo prepare | accounts`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenant_apps.demo.accounts import address_of, demo_accounts
from tenant_apps.demo.prepare import prepare
from tenants.provisioning.connections import ServerUnreachableError


class Command(BaseCommand):
    help = "The demo: prepare its database, or list who can sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser("prepare", help="database, caisses, invented people, static files")
        accounts = commands.add_parser(
            "accounts", help="hosts, identifiers and secrets of the invented people"
        )
        accounts.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["command"] == "prepare":
            self._prepare()
        elif options["json"]:
            self.stdout.write(json.dumps(demo_accounts(), ensure_ascii=False, indent=2))
        else:
            self._print_accounts()

    def _prepare(self) -> None:
        try:
            prepare(say=self._say)
        except ServerUnreachableError as error:
            raise CommandError(f"PostgreSQL ne répond pas : {error}") from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _print_accounts(self) -> None:
        self.stdout.write(f"Porte d’entrée   {address_of('front', '/')}")
        for row in demo_accounts():
            self.stdout.write("")
            self.stdout.write(f"{row['sign_in']}")
            self.stdout.write(f"  {row['name']} ({row['kind']}) : {row['story']}")
            self.stdout.write(
                f"  identifiant {row['identifier']}   secret {row['secret'] or 'à choisir : première connexion'}"
            )
            self.stdout.write(f"  messages    {row['mailbox']}")
