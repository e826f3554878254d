"""How the first connection of a client stands, or the choice of a new secret, for the counter."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guichet.web.templatetags.guichet import moment
from tenant_apps.identity.access_codes import latest_code_of
from tenant_apps.identity.models import AccessCode, User
from tenant_apps.identity.standing_lines import Line

_WAYS: dict[str, Promise] = {
    AccessCode.Kind.LINK: _("Lien envoyé par e-mail le %(sent)s"),
    AccessCode.Kind.PASSWORD: _("Mot de passe provisoire envoyé par SMS le %(sent)s"),
    AccessCode.Kind.LETTER: _("Code écrit dans une lettre le %(sent)s"),
}


def activation_line(user: User, now: datetime) -> Line | None:
    """Of an account that waits; who has chosen a secret needs none."""
    if not user.may_activate:
        return None
    code = latest_code_of(user=user)
    forced_at = user.secret_forced_at
    if forced_at is not None and (code is None or code.created_at < forced_at):
        return Line(_("Nouveau secret"), _("à choisir ; rien n’a été envoyé"))
    label = _("Première connexion") if forced_at is None else _("Nouveau secret")
    return Line(label, _("rien n’a été envoyé") if code is None else _state(code, now))


def _state(code: AccessCode, now: datetime) -> str:
    way = str(_WAYS[code.kind]) % {"sent": moment(code.created_at)}
    if code.is_live(now=now):
        return gettext("%(way)s, valable jusqu’au %(moment)s") % {
            "way": way,
            "moment": moment(code.expires_at),
        }
    return gettext("%(way)s, plus valable depuis le %(moment)s") % {
        "way": way,
        "moment": moment(code.expires_at),
    }
