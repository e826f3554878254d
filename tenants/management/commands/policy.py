"""`manage.py policy history | draft | rehearse | publish | drop | rollback`."""

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.tenancy.roles import PUBLIC
from tenants.models import Caisse
from tenants.policy.apply_file import in_words
from tenants.policy.checks import run_checks
from tenants.policy.draft_policy import (
    CaisseTableChangedError,
    NoDraftError,
    StaleDraftError,
    current_draft,
    drop_draft,
    publish_draft,
    save_draft,
)
from tenants.policy.publish_policy import NoSuchVersionError, PolicyRefusedError, roll_back_policy
from tenants.policy.reading import read_caisse_file
from tenants.policy.rehearsal import LOOKED_BACK, rehearse
from tenants.policy.selectors import policy_history, published_here, published_of
from tenants.policy.stored import parse_stored
from tenants.policy.toml_file import FileRefused
from tenants.policy.writing import diff


class Command(BaseCommand):
    help = "The life of a caisse's policy: draft, check, rehearse, publish, drop, roll back."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        history = commands.add_parser("history", help="the published versions, with author and reason")
        draft = commands.add_parser("draft", help="keep a file as the draft; prints differences and findings")
        rehearsal = commands.add_parser(
            "rehearse", help="what the draft would have changed for past sign-ins"
        )
        publish = commands.add_parser("publish", help="publish the draft")
        drop = commands.add_parser("drop", help="throw the draft away; what is published stays")
        rollback = commands.add_parser("rollback", help="publish an old version again, under a new number")
        for each in (history, draft, rehearsal, publish, drop, rollback):
            each.add_argument("schema")
        draft.add_argument("file", type=Path)
        rollback.add_argument("--to", type=int, required=True)
        for each in (publish, rollback):
            each.add_argument("--reason", required=True)
        for each in (draft, publish, rollback):
            each.add_argument("--author", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        acts: dict[str, Callable[[dict[str, Any]], None]] = {
            "history": self._history,
            "draft": self._draft,
            "rehearse": self._rehearse,
            "publish": self._publish,
            "drop": self._drop,
            "rollback": self._rollback,
        }
        options["author"] = options.get("author") or getpass.getuser()
        with tenant_context(_caisse(options["schema"])):
            try:
                acts[options["command"]](options)
            except _REFUSALS as refused:
                said = _WORDS.get(type(refused), str(refused))
                raise CommandError(f"{said}\nRien n’a été changé.") from refused

    def _history(self, options: dict[str, Any]) -> None:
        for version in policy_history():
            day = timezone.localtime(version.published_at)
            self.stdout.write(
                f"{version.number:>4}  {day:%Y-%m-%d %H:%M}  {version.author} : {version.reason}"
            )

    def _draft(self, options: dict[str, Any]) -> None:
        overrides = read_caisse_file(options["file"]).overrides
        draft = save_draft(document=overrides, author=options["author"], at=timezone.now())
        for change in diff(published_here().document, draft.document):
            self.stdout.write(f"  {change}")
        for finding in run_checks(parse_stored(draft.document)):
            self.stdout.write(in_words(finding))
        self.stdout.write(f"brouillon enregistré, écrit sur la version {draft.written_from}")

    def _rehearse(self, options: dict[str, Any]) -> None:
        current = parse_stored(published_here().document)
        draft = parse_stored(current_draft().document)
        self.stdout.write(f"Sur les {LOOKED_BACK.days} derniers jours, ce brouillon aurait donné :")
        for line in rehearse(current=current, draft=draft, now=timezone.now()):
            self.stdout.write(f"  {line}")

    def _publish(self, options: dict[str, Any]) -> None:
        version = publish_draft(author=options["author"], reason=options["reason"], at=timezone.now())
        self.stdout.write(f"{options['schema']} : version {version.number} publiée")

    def _drop(self, options: dict[str, Any]) -> None:
        dropped = drop_draft(at=timezone.now())
        if dropped is None:
            self.stdout.write(f"{options['schema']} : aucun brouillon, rien à abandonner")
            return
        day = timezone.localtime(dropped.saved_at)
        self.stdout.write(
            f"{options['schema']} : brouillon de {dropped.saved_by} du {day:%Y-%m-%d %H:%M} abandonné, "
            f"la version {published_here().number} reste en vigueur"
        )

    def _rollback(self, options: dict[str, Any]) -> None:
        version = roll_back_policy(
            to=options["to"], author=options["author"], reason=options["reason"], at=timezone.now()
        )
        self.stdout.write(f"{options['schema']} : version {version.number} publiée, comme la {options['to']}")


_WORDS: dict[type[Exception], str] = {
    NoDraftError: "cette caisse n’a pas de brouillon : `manage.py policy draft CAISSE FICHIER` en garde un",
    StaleDraftError: "une autre version a été publiée depuis ce brouillon : reprenez-le sur celle-là",
    CaisseTableChangedError: "la table [caisse] (nom, ville, domaines) change par `manage.py caisse apply`",
    NoSuchVersionError: "cette version n’existe pas : `manage.py policy history CAISSE` les montre",
}
_REFUSALS: tuple[type[Exception], ...] = (*_WORDS, PolicyRefusedError, FileRefused)


def _caisse(schema: str) -> Caisse:
    found = published_of(schema=schema)
    if found.caisse is None or found.number == 0 or schema == PUBLIC:
        raise CommandError(f"aucune caisse « {schema} » : `manage.py caisse list` les montre")
    return found.caisse
