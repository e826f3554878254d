"""Send a person who forgot the secret what the policy asks for: a link, a code, or both by two ways."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from guichet.web.own_address import own_address
from tenant_apps.clients.envelope import in_short, recipient_of
from tenant_apps.clients.models import Client
from tenant_apps.identity.domain.codes import in_groups
from tenant_apps.identity.models import User
from tenant_apps.identity.password_rules import rule_lines
from tenant_apps.identity.realms import CLIENTS, rules_of
from tenant_apps.identity.recoveries import Secrets, keep_recovery, new_secrets, proofs_for
from tenant_apps.journal.record import record
from tenant_apps.messaging.letters_waiting import replace_letters
from tenant_apps.messaging.queue_message import queue_message
from tenants.policy.document import Policy
from tenants.policy.sections.ways_in import Proof

SENT = "recovery.sent"


class CannotSendRecoveryError(ValueError):
    """`why` is one word for the journal: « closed », « never_activated », « agency », « no_mobile »."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parcel:
    """One recovery, being sent."""

    user: User
    client: Client
    policy: Policy
    proofs: tuple[Proof, ...]
    sent: Secrets
    lifetime: timedelta
    now: datetime

    @property
    def context(self) -> dict[str, Any]:
        return {
            "name": self.client.greeting_name,
            "lifetime": self.lifetime,
            "until": self.now + self.lifetime,
            "pin_length": self.policy.secret.pin.length if self.policy.secret.kind == "pin" else None,
            "password_rules": rule_lines(policy=self.policy),
            # What else it takes, and where that is typed.
            "with_link": "email_link" in self.proofs,
            "with_sms": "sms_code" in self.proofs,
            "with_letter": "letter_code" in self.proofs,
            "cased": self.policy.recovery.code.alphabet != "digits",
        }

    @property
    def common(self) -> dict[str, Any]:
        """The words hold a secret: erased once sent or lapsed."""
        return {
            "about": self.user.uuid,
            "language": self.client.language,
            "now": self.now,
            "secret": True,
            "lifetime": self.lifetime,
            "by_anybody": True,
        }


@transaction.atomic
def send_recovery(*, user: User, now: datetime) -> None:
    """What was sent before opens nothing any more; nothing else changes. Raises CannotSendRecoveryError."""
    # Two sendings at once: the second waits, and what it sends is what lives.
    locked = User.objects.select_for_update(of=("self",)).select_related("client").get(pk=user.pk)
    policy = rules_of(CLIENTS)
    client, proofs = _refuse_what_cannot_leave(user=locked, policy=policy)
    sent = new_secrets(proofs=proofs, policy=policy)
    keep_recovery(user=locked, proofs=proofs, sent=sent, policy=policy, now=now)
    parcel = _Parcel(
        user=locked,
        client=client,
        policy=policy,
        proofs=proofs,
        sent=sent,
        lifetime=policy.recovery.lifetime_together(proofs),
        now=now,
    )
    with override(client.language):
        _queue(parcel)
    record(kind=SENT, at=now, subject=str(locked.uuid), ways=list(proofs))


def _refuse_what_cannot_leave(*, user: User, policy: Policy) -> tuple[Client, tuple[Proof, ...]]:
    if user.client is None or not user.is_active:
        raise CannotSendRecoveryError("closed")
    if not user.is_activated:
        raise CannotSendRecoveryError("never_activated")
    proofs = proofs_for(has_email=bool(user.client.email), policy=policy)
    if not proofs:
        raise CannotSendRecoveryError("agency")
    if "sms_code" in proofs and not user.client.mobile:
        # Half of it would open nothing.
        raise CannotSendRecoveryError("no_mobile")
    return user.client, proofs


def _queue(parcel: _Parcel) -> None:
    if "email_link" in parcel.proofs:
        _mail_link(parcel)
    if "email_code" in parcel.proofs:
        _mail_code(parcel)
    if "sms_code" in parcel.proofs:
        _text_code(parcel)
    if "letter_code" in parcel.proofs:
        _write_letter(parcel)


def _mail_link(parcel: _Parcel) -> None:
    link = own_address(reverse("recovery_link", args=[parcel.sent.token]))
    queue_message(
        kind="recovery_link",
        channel="mail",
        to=parcel.client.email,
        context={**parcel.context, "link": link},
        **parcel.common,
    )


def _mail_code(parcel: _Parcel) -> None:
    queue_message(
        kind="recovery_code",
        channel="mail",
        to=parcel.client.email,
        context={**parcel.context, "code": parcel.sent.code},
        **parcel.common,
    )


def _text_code(parcel: _Parcel) -> None:
    queue_message(
        kind="recovery_code",
        channel="sms",
        to=parcel.client.mobile,
        context={**parcel.context, "code": parcel.sent.code},
        **parcel.common,
    )


def _write_letter(parcel: _Parcel) -> None:
    client = parcel.client
    replace_letters(kind="recovery_code", about=parcel.user.uuid)
    queue_message(
        kind="recovery_code",
        channel="letter",
        to=in_short(client),
        context={
            **parcel.context,
            "recipient": recipient_of(client),
            "code": in_groups(parcel.sent.code, between=" "),
            "page": own_address(reverse("recovery_code")),
            "today": parcel.now,
        },
        **parcel.common,
    )
