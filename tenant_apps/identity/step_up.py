"""Step-up: a second factor asked again before a sensitive act, and bound to that act alone.

A view that meets `StepUpNeededError` sends the person to the page of the code (`views.step_up.ask_step_up`). The
service that does the act calls `spend_step_up` in its own transaction: another amount, another payee or another form
finds nothing to spend (RTS 2018/389, art. 5).
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django_otp import verify_token

from guichet.kernel.sealing import every_index
from guichet.tenancy.signing import keyring
from tenant_apps.identity.acts import Act, digest_of
from tenant_apps.identity.ceremonies import Answer
from tenant_apps.identity.counters import count_account_try, give_back_tries
from tenant_apps.identity.domain.sending import wait_before_sending
from tenant_apps.identity.factors import asked_first, devices_of, persistent_id
from tenant_apps.identity.mass_closing import note_closing
from tenant_apps.identity.models import Confirmation, SmsDevice, User
from tenant_apps.identity.passkeys import signed_by
from tenant_apps.identity.recovery_codes import are_given, use_code
from tenant_apps.identity.second_step import Sending
from tenant_apps.identity.sign_in import secret_is_right
from tenant_apps.identity.step_up_notices import send_bound_code
from tenant_apps.journal.record import record
from tenants.policy.document import Policy

CONFIRMED, REFUSED, CODE_SENT = "step_up.confirmed", "step_up.refused", "step_up.code_sent"
# Who has no second factor says the secret again.
SECRET = "secret"  # noqa: S105  # the name of a method


# What mends a second factor: acts of identity itself.
MENDING = ("device.", "codes.")


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A recovery code, as it was typed."""

    typed: str


class StepUpNeededError(RuntimeError):
    """This very act was not confirmed, was confirmed too long ago, or its confirmation has served."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page says is being confirmed, and where it leads. `back` and `cancel` are addresses of this host."""

    kind: str
    amount: Decimal | None
    payee: str
    back: str
    cancel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUpCheck:
    """How a try at the code ended. `closed`: there is nothing left to confirm, and nothing was counted."""

    passed: bool = False
    closed: bool = False
    wait: timedelta | None = None
    agency_only: bool = False
    tries_left: int | None = None


def spend_step_up(*, user: User, act: Act, now: datetime) -> None:
    """In the transaction of the act: of twenty at once, one goes on. Raises StepUpNeededError."""
    if not _confirmed(user, act, now).update(used_at=now):
        raise StepUpNeededError


def spend_first(*, user: User, act: Act, now: datetime) -> User:
    """The user, locked, as they stand now: what the agency did since the confirmation has voided it.

    In the transaction of the act, and before anything of it. Raises StepUpNeededError.
    """
    # Two acts at once: the second waits, and finds what the first has left.
    locked = User.objects.select_for_update(of=("self",)).select_related("client").get(pk=user.pk)
    spend_step_up(user=locked, act=act, now=now)
    return locked


def is_stepped_up(*, user: User, act: Act, now: datetime) -> bool:
    """Whether the act could be done now; for a page that shows its form only then."""
    return _confirmed(user, act, now).exists()


@transaction.atomic
def begin_step_up(
    *, user: User, act: Act, back: str, cancel: str, policy: Policy, now: datetime
) -> Confirmation:
    """What awaits the person's answer; by SMS, a code leaves. The same act again waits for the same answer."""
    # Two clicks: the second waits here, and finds what the first has begun.
    locked = User.objects.select_for_update().get(pk=user.pk)
    digest = digest_of(act, user=locked)
    waiting = Confirmation.objects.filter(
        user=user, act__in=every_index(digest), confirmed_at=None, expires_at__gt=now
    )
    found = waiting.order_by("-id").first()
    if found is not None:
        return found
    words = {"kind": act.kind, "payee": act.payee, "back": back, "cancel": cancel}
    words["amount"] = "" if act.amount is None else str(act.amount)
    confirmation = Confirmation.objects.create(
        user=user,
        act=digest,
        shown_sealed=keyring().seal(json.dumps(words), purpose=shown_purpose(user.pk)),
        method=asked_first(devices_of(user=user, policy=policy)) or SECRET,
        created_at=now,
        expires_at=now + policy.second_factor.step_up_lifetime,
    )
    if confirmation.method == "sms":
        send_step_up_code(user=user, uuid=confirmation.uuid, policy=policy, now=now)
    return confirmation


def confirmation_of(*, user: User, uuid: UUID) -> Confirmation | None:
    """One of this person's own."""
    return Confirmation.objects.filter(user=user, uuid=uuid).first()


def shown_of(*, confirmation: Confirmation, user: User) -> Shown:
    words = json.loads(keyring().open(confirmation.shown_sealed, purpose=shown_purpose(user.pk)))
    amount = Decimal(words["amount"]) if words["amount"] else None
    return Shown(words["kind"], amount, words["payee"], words["back"], words["cancel"])


@transaction.atomic
def send_step_up_code(*, user: User, uuid: UUID, policy: Policy, now: datetime) -> Sending:
    """A code for this act alone, by SMS; the one before it is void. Under the limits of any code by SMS."""
    row = _locked(user, uuid)
    device = devices_of(user=user, policy=policy).get("sms")
    if row is None or not row.is_awaited(now=now) or not isinstance(device, SmsDevice):
        return Sending(sent=False)
    locked = SmsDevice.objects.select_for_update().get(pk=device.pk)
    rules = policy.second_factor.sms
    unused = locked.has_unused_code or _has_unused_code(user, now)
    wait = wait_before_sending(locked.sent_at, unused=unused, rules=rules, now=now)
    if wait is not None:
        return Sending(sent=False, wait=wait)
    code = f"{secrets.randbelow(10**rules.code_length):0{rules.code_length}d}"
    lifetime = code_lifetime(policy=policy)
    row.method, row.expires_at = "sms", now + lifetime
    row.code_digest = keyring().digest(row.bound(code), purpose="step-up-code")
    row.save(update_fields=["method", "expires_at", "code_digest"])
    locked.note_sending(now=now)
    shown = shown_of(confirmation=row, user=user)
    send_bound_code(
        user=user,
        to=locked.phone,
        code=code,
        kind=shown.kind,
        amount=shown.amount,
        payee=shown.payee,
        lifetime=lifetime,
        now=now,
    )
    record(kind=CODE_SENT, at=now, subject=str(user.uuid), act=shown.kind)
    return Sending(sent=True, wait=rules.cool_down)


@transaction.atomic
def check_step_up(
    *, user: User, uuid: UUID, code: str | Answer | OnPaper, policy: Policy, address: str, now: datetime
) -> StepUpCheck:
    """Each try counts on the account, like one at the sign-in; a right code gives its own count back.

    A passkey confirms whatever was asked first: its challenge was drawn for this row and act. A recovery code confirms
    what mends a lost second factor, and nothing else.
    Posts of one confirmation wait for one another: the second of two right ones finds nothing left to confirm.
    """
    row = _locked(user, uuid)
    if row is None or not row.is_awaited(now=now):
        return StepUpCheck(closed=True)
    verdict = count_account_try(key=user.login_index, policy=policy, now=now)
    if verdict.open and _is_right(row, user=user, code=code, policy=policy, now=now):
        give_back_tries(account={user.login_index: verdict}, address={}, now=now)
        row.confirmed_at, row.code_digest = now, ""
        row.expires_at = now + policy.second_factor.step_up_lifetime
        row.save(update_fields=["confirmed_at", "code_digest", "expires_at"])
        record(kind=CONFIRMED, at=now, subject=str(user.uuid), address=address)
        return StepUpCheck(passed=True)
    record(kind=REFUSED, at=now, subject=str(user.uuid), address=address)
    note_closing(verdict=verdict, index=user.login_index, policy=policy, address=address, now=now)
    return StepUpCheck(wait=verdict.wait, agency_only=verdict.agency_only, tries_left=verdict.tries_left)


def takes_paper(row: Confirmation, *, user: User, policy: Policy) -> bool:
    """Whether a recovery code may confirm it: who has lost the phone replaces it so. Money never moves by one."""
    mends = shown_of(confirmation=row, user=user).kind.startswith(MENDING)
    return mends and row.method != SECRET and are_given(policy=policy)


def code_lifetime(*, policy: Policy) -> timedelta:
    """Of a code by SMS: never longer than that of one at the sign-in."""
    return min(policy.second_factor.step_up_lifetime, policy.second_factor.sms.lifetime)


def forget_old_confirmations(*, before: datetime) -> int:
    """Those that had lapsed by then; how many went. What was confirmed stays in the journal."""
    gone, _ = Confirmation.objects.filter(expires_at__lt=before).delete()
    return gone


def _is_right(
    row: Confirmation, *, user: User, code: str | Answer | OnPaper, policy: Policy, now: datetime
) -> bool:
    if isinstance(code, OnPaper):
        return takes_paper(row, user=user, policy=policy) and use_code(user=user, typed=code.typed, now=now)
    if isinstance(code, Answer):
        allowed = "passkey" in policy.second_factor.methods
        return allowed and signed_by(answer=code, owner=user, anybody=False, now=now) is not None
    if row.method == "sms":
        return row.code_is_right(code)
    if row.method == SECRET:
        return secret_is_right(user=user, secret=code, policy=policy)
    method = next((each for each in policy.second_factor.methods if each == row.method), None)
    device = devices_of(user=user, policy=policy).get(method) if method else None
    if method is None or device is None:
        return False
    return verify_token(user, persistent_id(method=method, device=device), code) is not None


def _confirmed(user: User, act: Act, now: datetime) -> QuerySet[Confirmation]:
    found = Confirmation.objects.filter(user=user, act__in=every_index(digest_of(act, user=user)))
    return found.filter(confirmed_at__isnull=False, used_at=None, expires_at__gt=now)


def _locked(user: User, uuid: UUID) -> Confirmation | None:
    return Confirmation.objects.select_for_update().filter(user=user, uuid=uuid).first()


def _has_unused_code(user: User, now: datetime) -> bool:
    waiting = Confirmation.objects.filter(user=user, confirmed_at=None, expires_at__gt=now)
    return waiting.exclude(code_digest="").exists()


def shown_purpose(user_id: int) -> str:
    """Sealed for its owner: a row copied to another user opens nothing."""
    return f"step-up-shown:{user_id}"
