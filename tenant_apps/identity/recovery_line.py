"""How a recovery of a client stands, for the counter."""

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guichet.web.templatetags.guichet import moment
from tenant_apps.identity.models import Recovery, User
from tenant_apps.identity.recoveries import latest_of
from tenant_apps.identity.standing_lines import Line


def recovery_line(user: User, now: datetime) -> Line | None:
    """Of who asked for a new secret lately; None for who never did."""
    if not user.is_activated:
        return None
    found = latest_of(user=user)
    return Line(_("Secret oublié"), _state(found, user, now)) if found is not None else None


def _state(found: Recovery, user: User, now: datetime) -> str:
    if found.used_at is not None:
        return gettext("nouveau secret choisi le %(moment)s") % {"moment": moment(found.used_at)}
    if found.is_live(now=now) and found.epoch == user.session_epoch:
        return gettext("demandé, valable jusqu’au %(moment)s") % {"moment": moment(found.expires_at)}
    return gettext("demandé le %(moment)s, ne sert plus") % {"moment": moment(found.created_at)}
