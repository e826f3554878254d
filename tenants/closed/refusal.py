"""A command that does nothing but say what to run instead."""

import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError
from django.db.migrations.autodetector import MigrationAutodetector


def closed(instead: str) -> type[BaseCommand]:
    """A command that refuses with this French sentence, whatever it is given and however it is called."""

    class Closed(BaseCommand):
        help = instead
        # A system check compares that of `migrate` with that of `makemigrations`.
        autodetector = MigrationAutodetector

        def create_parser(self, *_args: Any, **_options: Any) -> NoReturn:
            """Called before the options are read: none of them could be of use."""
            raise CommandError(instead)

        def run_from_argv(self, argv: list[str]) -> NoReturn:
            self.stderr.write(instead)
            sys.exit(1)

        def print_help(self, prog_name: str, subcommand: str) -> None:
            self.stdout.write(instead)

    return Closed
