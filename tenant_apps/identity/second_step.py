"""The second step: a code that was sent or computed, a PIN, a passkey, or a recovery code.

Blind, it comes whatever the secret was.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django_otp import verify_token
from django_otp.models import Device
from two_factor.gateways import send_sms

from tenant_apps.identity.closing_notice import ask_to_tell
from tenant_apps.identity.counters import (
    count_code,
    forget_failures,
    give_back_tries,
)
from tenant_apps.identity.domain.sending import wait_before_sending
from tenant_apps.identity.factors import persistent_id
from tenant_apps.identity.first_step import FirstStep
from tenant_apps.identity.mass_closing import note_closing
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.identity.pin_hashes import hash_pin
from tenant_apps.journal.record import record
from tenants.policy.document import Policy
from tenants.policy.sections.second_factor import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Whether a code left, and when the next one may."""

    sent: bool
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCheck:
    """How a try at the second step ended. Passed without a device: by a recovery code.

    `left_counted`: the tries of this sign-in that are still in the day's total, when it has passed.
    """

    passed: bool = False
    device: Device | None = None
    wait: timedelta | None = None
    agency_only: bool = False
    tries_left: int = 0
    next_wait: timedelta | None = None
    left_counted: int = 0

    @property
    def locked(self) -> bool:
        return not self.passed and (self.wait is not None or self.agency_only)


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
    devices: Mapping[Method, Device],
    methods: tuple[Method, ...],
    index: str,
    first: FirstStep | None,
    code: str,
    policy: Policy,
    address: str,
    now: datetime,
) -> CodeCheck:
    """A code that was typed.

    `methods`: what the page asked for. Each of them is looked at, whether or not the person has its device: a code of
    somebody costs what a code of nobody costs.
    """

    def look(owner: User) -> Device | None:
        checks = (_checked(owner, method, devices.get(method), code) for method in methods)
        return next((device for device in checks if device is not None), None)

    return try_second_step(
        user=user, index=index, first=first, look=look, policy=policy, address=address, now=now
    )


def try_second_step(
    *,
    user: User | None,
    index: str,
    first: FirstStep | None,
    look: Callable[[User], Device | bool | None],
    policy: Policy,
    address: str,
    now: datetime,
) -> CodeCheck:
    """Each try counts on the account, like a wrong secret: a known secret buys no free guesses.

    `look` is asked only while the account is open; its user is nobody's row for nobody.
    `first`: what a blind first step has counted, which stands for the first answer too. That one alone gives it back
    at the address: a PIN may be right many times at once, and would wash away what was counted of others.
    A right answer gives its own count back, with the lock that the last try has put on beforehand.
    """
    verdict, covered = count_code(key=index, first=first, policy=policy, now=now)
    subject = str(user.uuid) if user else index
    someone = user if user is not None and user.is_active else User(pk=0)
    if found := look(someone) if verdict.open else None:
        at_address = first.at_address(now=now) if first is not None and covered else {}
        give_back_tries(account={index: verdict}, address=at_address, now=now)
        return CodeCheck(
            passed=True,
            device=found if isinstance(found, Device) else None,
            left_counted=0 if first is None or covered else 1,
        )
    record(kind="second_step.refused", at=now, subject=subject, address=address)
    if first is not None and covered:
        # The first step, whose try this is as well, has noted it; now it is decided.
        ask_to_tell(verdict=verdict, index=index, closed_at=first.counted_at)
    else:
        note_closing(verdict=verdict, index=index, policy=policy, address=address, now=now)
    return CodeCheck(
        wait=verdict.wait,
        agency_only=verdict.agency_only,
        tries_left=verdict.tries_left,
        next_wait=verdict.next_wait,
    )


def take_back(*, index: str, first: FirstStep, policy: Policy, now: datetime) -> None:
    """Of a blind sign-in that goes on without an answer, by an enrolment or a trusted browser."""
    verdict, _ = count_code(key=index, first=first, policy=policy, now=now)
    if verdict.open:
        give_back_tries(account={index: verdict}, address=first.at_address(now=now), now=now)


def _checked(owner: User, method: Method, device: Device | None, code: str) -> Device | None:
    if method == "pin" and device is None:
        hash_pin(code)
    found: Device | None = verify_token(owner, persistent_id(method=method, device=device), code)
    return found


def finish_steps(
    *, index: str, subject: str, address: str, left_counted: int, clean: bool, now: datetime
) -> bool:
    """Every step that the policy asks for is passed: past failures are forgotten. Pages may follow before the session.

    False, and nothing is forgotten, when the account was closed between the steps. `left_counted`: the tries of this
    very sign-in that are still in the day's total. `clean`: this very request has seen that there is nothing to forget.
    """
    if not clean and not forget_failures(key=index, left_counted=left_counted, now=now):
        record(kind="sign_in.right_secret_while_locked", at=now, subject=subject, address=address)
        return False
    return True


def masked_phone(*, phone: str) -> str:
    """Only the last three digits: « •• •• •• •2 34 » for a French number."""
    tail = phone[-3:]
    return f"•• •• •• •{tail[0]} {tail[1:]}"
