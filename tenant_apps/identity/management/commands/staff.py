"""`manage.py staff add | invite | end | list`."""

import json
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override
from django_tenants.utils import tenant_context

from guichet.kernel.names import visible
from guichet.web.templatetags.guichet import duration, moment
from tenant_apps.identity.invite_staff import NothingToInviteError
from tenant_apps.identity.realms import STAFF, rules_of
from tenant_apps.identity.staff_access import (
    AnotherNameError,
    NoSuchPersonError,
    Person,
    Stands,
    add_staff,
    end_staff,
    invite_again,
    people_of_the_house,
    staff_address,
)
from tenant_apps.messaging.reach_mail import NO_MAIL, mail_can_leave
from tenants.models import Caisse, State
from tenants.policy.identifiers import IdentifierRefused
from tenants.policy.typography import french
from tenants.selectors import caisses_with_schema

# As the table of users has it, and the journal's own reasons.
LONGEST_NAME, LONGEST_REASON = 160, 200
NOTHING_DONE = "Rien n’a été changé."
STANDS: dict[Stands, str] = {
    "invited": "invitation en cours",
    "lapsed": "invitation périmée",
    "without_second_step": "sans application d’authentification",
    "open": "ouvert",
    "ended": "fermé",
}


class Command(BaseCommand):
    help = "Who works at a caisse (« gie »: its operators). No secret is printed: a mail brings a link."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        add = commands.add_parser("add", help="open an access and send the link; twice is once")
        invite = commands.add_parser("invite", help="send another link: the one before opens nothing more")
        end = commands.add_parser("end", help="end an access and its open sessions at once; twice is once")
        people = commands.add_parser("list", help="the people of a caisse and how their access stands")
        for each in (add, invite, end, people):
            each.add_argument("caisse", help="the schema of the caisse, or gie")
        for each in (add, invite, end):
            each.add_argument("email")
        add.add_argument("--name", required=True, help="first and last name, as colleagues read it")
        end.add_argument("--reason", required=True, help="stays in the journal")
        people.add_argument("--json", action="store_true", help="print one object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        acts: dict[str, Callable[[Caisse, dict[str, Any]], None]] = {
            "add": self._add,
            "invite": self._invite,
            "end": self._end,
            "list": self._list,
        }
        caisse = _caisse(options["caisse"])
        with tenant_context(caisse), override("fr"):
            acts[options["command"]](caisse, options)

    def _add(self, caisse: Caisse, options: dict[str, Any]) -> None:
        name = _words(options["name"], option="--name", longest=LONGEST_NAME)
        email = _address(options["email"])
        _refuse_what_leads_nowhere(caisse)
        try:
            outcome = add_staff(email=email, name=name, now=timezone.now())
        except AnotherNameError as error:
            raise _refused(
                f"« {email} » est l’adresse d’une autre personne de {caisse.schema_name} :"
                f" `manage.py staff list {caisse.schema_name}` la montre"
            ) from error
        if outcome == "unchanged":
            self._say(
                f"{caisse.schema_name} : inchangé, {email} a déjà un accès. Son lien est périmé ?"
                f" `manage.py staff invite {caisse.schema_name} {email}`"
            )
            return
        done = "accès rouvert" if outcome == "reopened" else "accès ouvert"
        self._say(f"{caisse.schema_name} : {done} pour {email}. {_what_comes()}")

    def _invite(self, caisse: Caisse, options: dict[str, Any]) -> None:
        email = _address(options["email"])
        _refuse_what_leads_nowhere(caisse)
        try:
            invite_again(email=email, now=timezone.now())
        except NoSuchPersonError as error:
            raise _nobody(caisse, email) from error
        except NothingToInviteError as error:
            raise _refused(
                f"{email} a déjà choisi un mot de passe, ou son accès est fermé. Mot de passe oublié ou téléphone"
                f" perdu : `manage.py staff end {caisse.schema_name} {email} --reason …`, puis `staff add`"
            ) from error
        self._say(f"{caisse.schema_name} : lien envoyé à {email}. {_what_comes()}")

    def _end(self, caisse: Caisse, options: dict[str, Any]) -> None:
        reason = _words(options["reason"], option="--reason", longest=LONGEST_REASON)
        email = _address(options["email"])
        try:
            done = end_staff(email=email, reason=reason, now=timezone.now())
        except NoSuchPersonError as error:
            raise _nobody(caisse, email) from error
        said = "accès fermé, ses connexions aussi" if done else "inchangé, cet accès est fermé"
        self._say(f"{caisse.schema_name} : {email} : {said}")

    def _list(self, caisse: Caisse, options: dict[str, Any]) -> None:
        people = people_of_the_house(now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps([_told(each) for each in people], ensure_ascii=False, indent=2))
            return
        if not people:
            self._say(f"{caisse.schema_name} : personne. `manage.py staff add {caisse.schema_name} …`")
        for each in people:
            self._say(f"{each.name} <{each.email}> : {_in_words(each)}")

    def _say(self, text: str) -> None:
        self.stdout.write(french(text))


def _caisse(schema: str) -> Caisse:
    """One with a schema of its own and published rules: the GIE too. Raises CommandError."""
    found: Caisse | None = caisses_with_schema().filter(schema_name=schema).first()
    if found is None:
        raise _refused(f"aucune caisse « {schema} » : `manage.py caisse list` les montre")
    return found


def _address(typed: str) -> str:
    try:
        return staff_address(typed=typed)
    except IdentifierRefused as error:
        raise _refused(str(error)) from error


def _words(typed: str, *, option: str, longest: int) -> str:
    words = visible(typed)
    if not words:
        raise _refused(f"{option} : il manque")
    if len(words) > longest:
        raise _refused(f"{option} : {longest} signes au plus")
    return words


def _refuse_what_leads_nowhere(caisse: Caisse) -> None:
    """A link that nobody gets, or whose page does not answer. Raises CommandError."""
    if caisse.state == State.SUSPENDED:
        raise _refused(f"« {caisse.schema_name} » est suspendue : le lien mènerait à une page fermée")
    if not mail_can_leave():
        raise _refused(NO_MAIL)


def _what_comes() -> str:
    lifetime = rules_of(STAFF).activation.link_lifetime
    return f"Le worker envoie le lien, valable {duration(lifetime)} ; il sert une seule fois."


def _nobody(caisse: Caisse, email: str) -> CommandError:
    return _refused(
        f"personne à « {caisse.schema_name} » n’a l’adresse {email} :"
        f" `manage.py staff list {caisse.schema_name}` les montre"
    )


def _refused(why: str) -> CommandError:
    return CommandError(french(f"{why}\n{NOTHING_DONE}"))


def _in_words(person: Person) -> str:
    said = STANDS[person.stands]
    if person.invited_until is not None:
        said = f"{said} ({'jusqu’au' if person.stands == 'invited' else 'depuis le'} {moment(person.invited_until)})"
    seen = f"dernière connexion le {moment(person.last_sign_in)}" if person.last_sign_in else "jamais venu"
    return f"{said}, {seen}"


def _told(person: Person) -> dict[str, str | None]:
    return {
        "uuid": person.uuid,
        "email": person.email,
        "name": person.name,
        "state": person.stands,
        "invited_until": person.invited_until.isoformat() if person.invited_until else None,
        "last_sign_in": person.last_sign_in.isoformat() if person.last_sign_in else None,
    }
