"""How the first connection of a client stands, for the counter."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guichet.web.templatetags.guichet import moment
from tenant_apps.identity.access_codes import latest_code_of
from tenant_apps.identity.models import AccessCode, User
from tenant_apps.identity.standing_lines import Line

_WAYS: dict[str, Promise] = {
    AccessCode.Kind.LINK: _("Lien envoyé par e-mail"),
    AccessCode.Kind.PASSWORD: _("Premier mot de passe envoyé par SMS"),
    AccessCode.Kind.LETTER: _("Code envoyé par courrier"),
}


def activation_line(user: User, now: datetime) -> Line | None:
    """Of an account that waits; who has chosen a secret needs none."""
    if not user.may_activate:
        return None
    code = latest_code_of(user=user)
    return Line(_("Première connexion"), _("rien n’a été envoyé") if code is None else _state(code, now))


def _state(code: AccessCode, now: datetime) -> str:
    way = _WAYS[code.kind]
    if code.is_live(now=now):
        return gettext("%(way)s, valable jusqu’au %(moment)s") % {
            "way": way,
            "moment": moment(code.expires_at),
        }
    return gettext("%(way)s, plus valable depuis le %(moment)s") % {
        "way": way,
        "moment": moment(code.expires_at),
    }
