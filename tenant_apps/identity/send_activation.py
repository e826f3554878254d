"""Send a person what the first connection needs: a link, a first password, a code by post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from guichet.tenancy.signing import keyring
from guichet.web.own_address import own_address
from tenant_apps.clients.envelope import in_short, recipient_of
from tenant_apps.clients.models import Client
from tenant_apps.identity.access_codes import keep_code, lifetime_of, new_secret
from tenant_apps.identity.domain.codes import in_groups
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.exceptions import has_letter_exception
from tenant_apps.identity.models import AccessCode, User
from tenant_apps.identity.password_rules import rule_lines
from tenant_apps.identity.realms import CLIENTS, rules_of
from tenant_apps.identity.renewal import SENT, kind_for
from tenant_apps.journal.record import record
from tenant_apps.messaging.letters_waiting import replace_letters
from tenant_apps.messaging.queue_message import queue_message
from tenants.policy.document import Policy
from tenants.policy.sections.ways_in import Sent

_KINDS: Mapping[Sent, AccessCode.Kind] = {
    "email_link": AccessCode.Kind.LINK,
    "sms_password": AccessCode.Kind.PASSWORD,
    "letter_code": AccessCode.Kind.LETTER,
}


class CannotSendActivationError(ValueError):
    """`why` is one word for the journal: « activated », « closed », « agency », « no_email », « no_mobile »."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parcel:
    """One activation, being sent."""

    user: User
    client: Client
    policy: Policy
    sends: Sequence[Sent]
    secret: str
    lifetime: timedelta
    now: datetime
    by_anybody: bool

    @property
    def shown_identifier(self) -> str:
        """Empty where the policy does not send it: whoever reads the mail must not learn it."""
        if "email_identifier" not in self.sends:
            return ""
        return keyring().open(self.user.identifier_sealed, purpose="identifier")

    @property
    def context(self) -> dict[str, Any]:
        return {
            "name": self.client.greeting_name,
            "identifier": self.shown_identifier,
            "lifetime": self.lifetime,
            "until": self.now + self.lifetime,
            "pin_length": self.policy.secret.pin.length if self.policy.secret.kind == "pin" else None,
            "password_rules": rule_lines(policy=self.policy),
            # The person has been here before, with a secret that the agency took away.
            "anew": self.user.chooses_anew,
        }


@transaction.atomic
def send_activation(*, user: User, now: datetime, by: UUID | None = None, reason: str = "") -> None:
    """What was sent before opens nothing any more. `by`: the member of staff who asked, and why.

    With neither, somebody asked who has not signed in.

    Raises CannotSendActivationError.
    """
    # Two sendings at once: the second waits, and what it sends is what lives.
    locked = User.objects.select_for_update(of=("self",)).select_related("client").get(pk=user.pk)
    policy = rules_of(CLIENTS)
    sends = _sends(user=locked, policy=policy, now=now)
    client, kind = _refuse_what_cannot_leave(user=locked, sends=sends)
    secret, lifetime = new_secret(kind=kind, policy=policy), lifetime_of(kind=kind, policy=policy)
    # A sign-in begun with what was sent before goes no further.
    end_sessions(user=locked)
    keep_code(user=locked, kind=kind, secret=secret, lifetime=lifetime, now=now)
    parcel = _Parcel(
        user=locked,
        client=client,
        policy=policy,
        sends=sends,
        secret=secret,
        lifetime=lifetime,
        now=now,
        by_anybody=by is None and not reason,
    )
    with override(client.language):
        _queue(parcel, kind=kind)
    details = {**({"by": str(by)} if by else {}), **({"reason": reason} if reason else {})}
    kind_of_event = kind_for(SENT, user=locked)
    record(kind=kind_of_event, at=now, subject=str(locked.uuid), ways=list(sends), **details)


def _sends(*, user: User, policy: Policy, now: datetime) -> Sequence[Sent]:
    """What the policy names, but for who has letters by exception."""
    return ("letter_code",) if has_letter_exception(user=user, now=now) else policy.activation.sends


def _refuse_what_cannot_leave(*, user: User, sends: Sequence[Sent]) -> tuple[Client, AccessCode.Kind]:
    kind = next((_KINDS[way] for way in sends if way in _KINDS), None)
    if user.client is None or not user.is_active:
        raise CannotSendActivationError("closed")
    if user.is_activated:
        raise CannotSendActivationError("activated")
    if kind is None:
        raise CannotSendActivationError("agency")
    if not user.client.email and {"email_link", "email_identifier"} & set(sends):
        raise CannotSendActivationError("no_email")
    if not user.client.mobile and "sms_password" in sends:
        raise CannotSendActivationError("no_mobile")
    return user.client, kind


def _queue(parcel: _Parcel, *, kind: AccessCode.Kind) -> None:
    if kind == AccessCode.Kind.LINK:
        _mail_link(parcel)
    elif parcel.shown_identifier:
        _mail_identifier(parcel, by_letter=kind == AccessCode.Kind.LETTER)
    if kind == AccessCode.Kind.PASSWORD:
        _text_password(parcel)
    elif kind == AccessCode.Kind.LETTER:
        _write_letter(parcel)


def _mail_link(parcel: _Parcel) -> None:
    queue_message(
        kind="activation_link",
        channel="mail",
        to=parcel.client.email,
        about=parcel.user.uuid,
        language=parcel.client.language,
        context={
            **parcel.context,
            "link": own_address(reverse("activation_link", args=[parcel.secret])),
        },
        now=parcel.now,
        secret=True,
        lifetime=parcel.lifetime,
    )


def _mail_identifier(parcel: _Parcel, *, by_letter: bool) -> None:
    queue_message(
        kind="activation_identifier",
        channel="mail",
        to=parcel.client.email,
        about=parcel.user.uuid,
        language=parcel.client.language,
        context={
            **parcel.context,
            "by_letter": by_letter,
            "link": own_address(reverse("first_connection" if by_letter else "sign_in")),
        },
        now=parcel.now,
        # The identifier alone opens nothing, yet it is not to be read years later.
        secret=True,
        lifetime=parcel.lifetime,
    )


def _text_password(parcel: _Parcel) -> None:
    queue_message(
        kind="activation_password",
        channel="sms",
        to=parcel.client.mobile,
        about=parcel.user.uuid,
        language=parcel.client.language,
        context={**parcel.context, "password": in_groups(parcel.secret, between="-")},
        now=parcel.now,
        secret=True,
        lifetime=parcel.lifetime,
        by_anybody=parcel.by_anybody,
    )


def _write_letter(parcel: _Parcel) -> None:
    client = parcel.client
    replace_letters(kind="activation_letter", about=parcel.user.uuid)
    queue_message(
        kind="activation_letter",
        channel="letter",
        to=in_short(client),
        about=parcel.user.uuid,
        language=client.language,
        context={
            **parcel.context,
            "recipient": recipient_of(client),
            "code": in_groups(parcel.secret, between=" "),
            "page": own_address(reverse("first_connection")),
            "today": parcel.now,
        },
        now=parcel.now,
        secret=True,
        lifetime=parcel.lifetime,
    )
