"""`manage.py clients import CAISSE FILE [--check] [--activate]`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override
from django_tenants.utils import tenant_context

from tenant_apps.exchange.domain.table import Problem, TableRefusedError, read_table
from tenant_apps.exchange.plan_clients import Plan, plan_clients
from tenant_apps.exchange.services.import_clients import Imported, StoppedError, import_clients
from tenant_apps.identity.realms import CLIENTS, rules_of
from tenant_apps.messaging.reach_mail import NO_MAIL, mail_can_leave
from tenants.models import Caisse, Kind, State
from tenants.policy.typography import french
from tenants.selectors import caisses_with_schema

NOTHING_WRITTEN = "Rien n’a été écrit."
UNSENT = {
    "no_email": "pas d’e-mail au dossier",
    "no_mobile": "pas de mobile au dossier",
    "closed": "accès fermé par la caisse",
    "agency": "la première connexion se donne à l’agence",
}
# A file that is written within a second needs no progress.
LONG = 500


class Command(BaseCommand):
    help = "The clients of a caisse, from the file of its own system."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        imports = commands.add_parser(
            "import", help="register them and open their accesses; the same file again changes nothing"
        )
        imports.add_argument("caisse", help="the schema of the caisse")
        imports.add_argument("file", type=Path, help="CSV with a line of titles: see docs/running.md")
        imports.add_argument("--check", action="store_true", help="say what it would do, write nothing")
        imports.add_argument(
            "--activate", action="store_true", help="send a first connection to whoever waits for one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        caisse = _caisse(options["caisse"])
        with tenant_context(caisse), override("fr"):
            if options["activate"]:
                _refuse_what_leads_nowhere(caisse)
            plan = self._plan(options["file"])
            if options["check"]:
                self._say(f"{caisse.schema_name} : {_would(plan)}. {NOTHING_WRITTEN}")
                return
            done = self._written(plan, activates=options["activate"])
            for each in done.unsent:
                why = UNSENT.get(each.why, each.why)
                self._say(f"{_where(each)} : rien n’est parti pour la première connexion, {why}")
            self._say(f"{caisse.schema_name} : {_did(done)}")

    def _plan(self, path: Path) -> Plan:
        try:
            table = read_table(path.read_bytes())
        except OSError as error:
            raise _refused(f"« {path} » ne se lit pas : {error.strerror}") from error
        except TableRefusedError as error:
            raise _refused(f"« {path} » : {error}") from error
        plan = plan_clients(table=table, policy=rules_of(CLIENTS), today=timezone.localdate())
        if plan.problems:
            self._name(plan.problems)
            lines = len({problem.line for problem in plan.problems})
            raise _refused(f"« {path} » : {lines} ligne(s) refusée(s), nommées ci-dessus")
        return plan

    def _written(self, plan: Plan, *, activates: bool) -> Imported:
        total = len(plan.lines)

        def progress(count: int) -> None:
            if total > LONG and (count % LONG == 0 or count == total):
                self.stderr.write(f"  {count}/{total}")

        try:
            return import_clients(
                lines=plan.lines, activates=activates, now=timezone.now(), progress=progress
            )
        except StoppedError as stopped:
            self._name(stopped.problems)
            raise CommandError(
                french(
                    f"arrêté à la ligne {stopped.line} : quelqu’un d’autre vient d’écrire. Ce qui précède est écrit ;"
                    " relancez le même fichier, il continue de là"
                )
            ) from stopped

    def _name(self, problems: Sequence[Problem]) -> None:
        for each in problems:
            column = f" : {each.column}" if each.column else ""
            self.stderr.write(french(f"{_where(each)}{column} : {each.why}"))

    def _say(self, text: str) -> None:
        self.stdout.write(french(text))


def _caisse(schema: str) -> Caisse:
    found: Caisse | None = caisses_with_schema().filter(schema_name=schema, kind=Kind.CAISSE).first()
    if found is None:
        raise _refused(f"aucune caisse « {schema} » : `manage.py caisse list` les montre")
    return found


def _refuse_what_leads_nowhere(caisse: Caisse) -> None:
    if caisse.state == State.SUSPENDED:
        raise _refused(
            f"« {caisse.schema_name} » est suspendue : ses pages ne répondent pas, n’activez personne"
        )
    by_mail = any(way.startswith("email") for way in rules_of(CLIENTS).activation.sends)
    if by_mail and not mail_can_leave():
        raise _refused(NO_MAIL)


def _refused(why: str) -> CommandError:
    return CommandError(french(f"{why}\n{NOTHING_WRITTEN}"))


def _where(problem: Problem) -> str:
    return f"ligne {problem.line}" + (f" (client {problem.number})" if problem.number else "")


def _would(plan: Plan) -> str:
    kinds = plan.kinds
    return (
        f"{kinds['new']} client(s) à inscrire, {kinds['changed']} dossier(s) à corriger, {kinds['same']} inchangé(s),"
        f" {plan.without_access} accès à ouvrir"
    )


def _did(done: Imported) -> str:
    counts = done.counts
    return (
        f"{counts['new']} client(s) inscrit(s), {counts['changed']} dossier(s) corrigé(s),"
        f" {counts['same']} inchangé(s), {counts['opened']} accès ouvert(s),"
        f" {counts['sent']} première(s) connexion(s) en file"
    )
