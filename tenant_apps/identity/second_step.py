"""The second step: a code sent by SMS, or one that was never sent when the step is blind."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django_otp import verify_token
from two_factor.gateways import send_sms

from tenant_apps.identity.counters import clear_account, count_account_try, give_back_address_try
from tenant_apps.identity.domain.lockout import Verdict
from tenant_apps.identity.domain.sending import wait_before_sending
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.journal.record import record
from tenants.policy.document import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Whether a code left, and when the next one may."""

    sent: bool
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCheck:
    """How a try at the code ended."""

    device: SmsDevice | None = None
    wait: timedelta | None = None
    agency_only: bool = False
    tries_left: int = 0

    @property
    def locked(self) -> bool:
        return self.device is None and (self.wait is not None or self.agency_only)


def send_code(*, device: SmsDevice, policy: Policy, now: datetime) -> Sending:
    """Make a code, remember its digest, queue the SMS: all in one transaction, or nothing."""
    rules = policy.second_factor.sms
    with transaction.atomic():
        locked = (
            SmsDevice.objects.select_for_update(of=("self",)).select_related("user__client").get(pk=device.pk)
        )
        wait = wait_before_next_code(device=locked, policy=policy, now=now)
        if wait is not None:
            return Sending(sent=False, wait=wait)
        code = f"{secrets.randbelow(10**rules.code_length):0{rules.code_length}d}"
        locked.take_code(code, lifetime=rules.lifetime, now=now)
        send_sms(device=locked, token=code)
        record(kind="second_step.code_sent", at=now, subject=str(locked.user.uuid))
    return Sending(sent=True, wait=rules.cool_down)


def wait_before_next_code(*, device: SmsDevice, policy: Policy, now: datetime) -> timedelta | None:
    rules = policy.second_factor.sms
    return wait_before_sending(device.sent_at, unused=device.has_unused_code, rules=rules, now=now)


def check_code(
    *,
    user: User | None,
    device: SmsDevice | None,
    index: str,
    source: str | None,
    code: str,
    policy: Policy,
    address: str,
    now: datetime,
) -> CodeCheck:
    """Each try counts on the account, like a wrong secret: a known secret buys no free guesses.

    `source`: the address's counter key, when a blind first step has left its count there.
    """
    verdict = count_account_try(key=index, policy=policy, now=now)
    subject = str(user.uuid) if user else index
    found = None
    if verdict.open and user is not None and user.is_active and device is not None:
        found = verify_token(user, device.persistent_id, code)
    if isinstance(found, SmsDevice):
        if source is not None:
            give_back_address_try(key=source, verdict=Verdict(open=True))
        finish_sign_in(index=index, subject=subject, address=address, now=now)
        return CodeCheck(device=found)
    record(kind="second_step.refused", at=now, subject=subject, address=address)
    return CodeCheck(wait=verdict.wait, agency_only=verdict.agency_only, tries_left=verdict.tries_left)


def finish_sign_in(*, index: str, subject: str, address: str, now: datetime) -> None:
    """Every step that the policy asks for is passed: past failures are forgotten."""
    clear_account(key=index)
    record(kind="sign_in.done", at=now, subject=subject, address=address)


def masked_phone(*, phone: str) -> str:
    """Only the last three digits: « •• •• •• •2 34 » for a French number."""
    tail = phone[-3:]
    return f"•• •• •• •{tail[0]} {tail[1:]}"
