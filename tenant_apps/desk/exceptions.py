"""The exceptions of one client, in the words of the counter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.exceptions import Way
from tenant_apps.identity.models import WayException

WAYS: dict[str, Promise] = {
    Way.SMS: _("Code par SMS"),
    Way.TOTP: _("Application d’authentification"),
    Way.PIN: _("Second code secret"),
    Way.LETTER: _("Code par courrier, pour choisir un secret"),
}
HELP: dict[str, Promise] = {
    Way.SMS: _("Les codes partent vers le mobile du dossier."),
    Way.TOTP: _("Le client la règle à sa prochaine connexion."),
    Way.PIN: _("Le client le choisit à sa prochaine connexion."),
    Way.LETTER: _(
        "Renvoyez ensuite l’activation : elle part en lettre. La page de connexion montre « J’ai reçu une lettre »."
    ),
}


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    way: str
    label: Promise
    until: datetime


def exception_lines(exceptions: Iterable[WayException]) -> list[ExceptionLine]:
    return [ExceptionLine(each.way, WAYS[each.way], each.ends_at) for each in exceptions]
