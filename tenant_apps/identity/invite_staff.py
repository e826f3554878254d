"""Send somebody who works at a caisse, or an operator of the GIE, the link that begins their access."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from guichet.tenancy.signing import keyring
from guichet.web.own_address import own_address
from tenant_apps.identity.access import sign_in_page
from tenant_apps.identity.access_codes import keep_code, lifetime_of, new_secret
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.models import AccessCode, User
from tenant_apps.identity.password_rules import rule_lines
from tenant_apps.identity.realms import STAFF, rules_of
from tenant_apps.identity.renewal import SENT
from tenant_apps.journal.record import record
from tenant_apps.messaging.queue_message import queue_message
from tenants.policy.document import Policy

LINK = AccessCode.Kind.LINK
_WAYS = ["email_link"]


class NothingToInviteError(ValueError):
    """The person has a secret already, or their access was ended."""


@transaction.atomic
def invite_staff(*, user: User, now: datetime) -> AccessCode:
    """What was sent before opens nothing any more. Raises NothingToInviteError."""
    # Two invitations at once: the second waits, and what it sends is what lives.
    locked = User.objects.select_for_update(of=("self",)).exclude(kind=User.Kind.CLIENT).get(pk=user.pk)
    if not locked.may_activate:
        raise NothingToInviteError
    policy = rules_of(STAFF)
    token, lifetime = new_secret(kind=LINK, policy=policy), lifetime_of(kind=LINK, policy=policy)
    end_sessions(user=locked)
    code = keep_code(user=locked, kind=LINK, secret=token, lifetime=lifetime, now=now)
    with override(settings.LANGUAGE_CODE):
        _mail(locked, code, token=token, policy=policy, now=now)
    record(kind=SENT, at=now, subject=str(locked.uuid), ways=_WAYS)
    return code


def _mail(user: User, code: AccessCode, *, token: str, policy: Policy, now: datetime) -> None:
    lifetime = code.expires_at - code.created_at
    queue_message(
        kind="staff_invitation",
        channel="mail",
        to=keyring().open(user.identifier_sealed, purpose="identifier"),
        about=user.uuid,
        language=settings.LANGUAGE_CODE,
        context={
            "name": user.display_name,
            "operator": user.kind == User.Kind.OPERATOR,
            "rules": policy,
            "link": own_address(reverse("activation_link", args=[token])),
            "door": own_address(reverse(sign_in_page(realm=STAFF))),
            "lifetime": lifetime,
            "until": code.expires_at,
            "with_application": "totp" in policy.second_factor.methods,
            "pin_length": policy.secret.pin.length if policy.secret.kind == "pin" else None,
            "password_rules": rule_lines(policy=policy),
        },
        now=now,
        secret=True,
        lifetime=lifetime,
    )
