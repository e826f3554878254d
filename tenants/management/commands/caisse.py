"""`manage.py caisse apply | check | export | schema | list | secret`."""

import getpass
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import tenant_context
from pydantic import ValidationError

from guichet.tenancy.roles import PUBLIC, SCHEMA_NAME
from tenants.policy.apply_file import Plan, apply_plan, in_words, plan_files
from tenants.policy.checks import run_checks
from tenants.policy.document import Policy
from tenants.policy.examples import judged_examples
from tenants.policy.json_schema import json_schema
from tenants.policy.reading import read_caisse_files
from tenants.policy.secrets import NAMES, UnknownSecretError, set_secret
from tenants.policy.selectors import Published, published_of
from tenants.policy.served import unserved
from tenants.policy.stored import parse_stored
from tenants.policy.toml_file import FileRefused
from tenants.policy.wording import refusals
from tenants.policy.writing import to_toml
from tenants.provisioning.schemas import NoBlueprintError
from tenants.provisioning.write_caisse import DomainTakenError
from tenants.selectors import all_caisses

# As the table of versions has it.
LONGEST = {"author": 120, "reason": 400}
LEVELS = {"error": "erreur", "warning": "avertissement"}


class Command(BaseCommand):
    help = "Caisses as files: create, change, check, export."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        apply = commands.add_parser(
            "apply", help="make the caisses as their files say; prints the differences"
        )
        apply.add_argument("files", nargs="+", type=Path)
        apply.add_argument("--check", action="store_true", help="print the differences, change nothing")
        apply.add_argument("--author", default="")
        apply.add_argument("--reason", default="fichier appliqué")
        check = commands.add_parser(
            "check", help="check files, or what caisses have published; changes nothing"
        )
        check.add_argument("targets", nargs="+", help="a file, or the schema of a caisse")
        export = commands.add_parser("export", help="a caisse's published policy as a file")
        export.add_argument("schema")
        commands.add_parser("schema", help="JSON Schema of a caisse file, for editors")
        commands.add_parser("list", help="the caisses, their domains and versions")
        secret = commands.add_parser(
            "secret", help="set a secret of a caisse; the value is read, never an argument"
        )
        secret.add_argument("action", choices=["set"])
        secret.add_argument("schema")
        secret.add_argument("name", help=", ".join(NAMES))

    def handle(self, *args: Any, **options: Any) -> None:
        acts: dict[str, Callable[[dict[str, Any]], None]] = {
            "apply": self._apply,
            "check": self._check,
            "export": self._export,
            "schema": self._schema,
            "list": self._list,
            "secret": self._secret,
        }
        try:
            acts[options["command"]](options)
        except FileRefused as refused:
            raise CommandError(f"{refused}\n{_what_was_done([])}") from refused

    def _apply(self, options: dict[str, Any]) -> None:
        author, reason = _signature(options)
        done: list[str] = []
        for plan in plan_files(options["files"]):
            self._print_plan(plan)
            if options["check"]:
                continue
            try:
                applied = apply_plan(plan, author=author, reason=reason)
            except (DomainTakenError, NoBlueprintError) as error:
                raise CommandError(f"{plan.file.path}: {error}\n{_what_was_done(done)}") from error
            done.append(applied.schema)
            self.stdout.write(f"{applied.schema} : {applied.summary}")

    def _check(self, options: dict[str, Any]) -> None:
        named = [(target, published_of(schema=target)) for target in options["targets"]]
        paths = [Path(target) for target, published in named if published.number == 0]
        for path in paths:
            if SCHEMA_NAME.fullmatch(str(path)) and not path.exists():
                raise CommandError(
                    f"aucune caisse « {path} », et aucun fichier de ce nom : `manage.py caisse list` les montre"
                )
        for file in read_caisse_files(paths):
            self._describe(str(file.path), file.policy)
        for plan in plan_files(paths):
            for finding in plan.warnings:
                self.stdout.write(f"{plan.file.path}:{plan.file.line_of(finding.path)}: {in_words(finding)}")
            self.stdout.write(f"{plan.file.path} : aucune erreur, {len(plan.warnings)} avertissement(s)")
        if sum(self._check_published(target, published) for target, published in named if published.number):
            raise CommandError(f"une version publiée ne passe plus les contrôles\n{_what_was_done([])}")

    def _check_published(self, schema: str, published: Published) -> int:
        """How many errors the checks of today find in what is in force."""
        subject = f"{schema}, version {published.number}"
        try:
            policy = parse_stored(published.document)
        except ValidationError as error:
            for _, reason in refusals(error):
                self.stdout.write(f"{subject} : {reason}")
            return 1
        self._describe(subject, policy)
        findings = run_checks(policy)
        for finding in findings:
            self.stdout.write(f"{subject} : {LEVELS[finding.level]} : {in_words(finding)}")
        errors = sum(finding.level == "error" for finding in findings)
        self.stdout.write(f"{subject} : {errors} erreur(s), {len(findings) - errors} avertissement(s)")
        return errors

    def _describe(self, subject: str, policy: Policy) -> None:
        """What its identifiers look like, and what nobody would find on the screens of this release."""
        for example in judged_examples(policy):
            self.stdout.write(f"{subject} : identifiant {example}")
        for way in unserved(policy):
            self.stdout.write(f"{subject} : {way} n’a pas encore d’écran")

    def _print_plan(self, plan: Plan) -> None:
        for finding in plan.warnings:
            self.stdout.write(f"{plan.file.path}:{plan.file.line_of(finding.path)}: {in_words(finding)}")
        for change in plan.changes:
            self.stdout.write(f"  {change}")

    def _export(self, options: dict[str, Any]) -> None:
        found = published_of(schema=options["schema"])
        if found.number == 0:
            raise CommandError(f"aucune caisse « {options['schema']} » : `manage.py caisse list` les montre")
        self.stdout.write(to_toml(found.document), ending="")

    def _schema(self, options: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(json_schema(), ensure_ascii=False, indent=2))

    def _list(self, options: dict[str, Any]) -> None:
        for caisse, host in all_caisses():
            self.stdout.write(
                f"{caisse.schema_name:<20} v{caisse.policy_version:<4} {caisse.state:<10} {host}"
            )

    def _secret(self, options: dict[str, Any]) -> None:
        found = published_of(schema=options["schema"])
        if found.caisse is None or options["schema"] == PUBLIC:
            raise CommandError(f"aucune caisse « {options['schema']} » : `manage.py caisse list` les montre")
        value = getpass.getpass("Valeur : ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        if not value:
            raise CommandError("aucune valeur n’a été lue")
        with tenant_context(found.caisse):
            try:
                set_secret(name=options["name"], value=value, by=getpass.getuser(), at=timezone.now())
            except UnknownSecretError as error:
                raise CommandError(
                    f"secret inconnu « {error} » ; les noms sont : {', '.join(NAMES)}"
                ) from error
        self.stdout.write(f"{options['schema']} : {options['name']} enregistré")


def _signature(options: dict[str, Any]) -> tuple[str, str]:
    """Who signs a version, and why."""
    author, reason = options["author"].strip() or getpass.getuser(), options["reason"].strip()
    for name, text in (("author", author), ("reason", reason)):
        longest = LONGEST[name]
        if not 0 < len(text) <= longest:
            raise CommandError(f"--{name} : 1 à {longest} caractères\n{_what_was_done([])}")
    return author, reason


def _what_was_done(schemas: Sequence[str]) -> str:
    """A caisse is written whole or not at all; those before the one that failed stay written."""
    return f"Déjà écrites : {', '.join(schemas)}." if schemas else "Rien n’a été changé."
