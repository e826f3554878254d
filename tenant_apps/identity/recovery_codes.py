"""Recovery codes: made all at once, shown once, each good for one second step whose device is lost."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django_otp.models import Device

from guichet.kernel.sealing import BlindIndex, every_index
from guichet.tenancy.signing import keyring
from tenant_apps.identity.domain.codes import READABLE, draw, first_password_as_sent, in_groups
from tenant_apps.identity.factors import NOBODY
from tenant_apps.identity.models import RecoveryCode, User
from tenant_apps.identity.passkey_notices import tell_of_used_recovery_code
from tenant_apps.journal.record import record
from tenants.policy.checks.second_factor import LOSABLE
from tenants.policy.document import Policy
from tenants.policy.sections.second_factor import Method

PURPOSE = "recovery-code"
# 50 bits of 31 marks: typed after a right secret, and counted like any code.
LENGTH = 10
MADE, USED = "recovery_codes.made", "recovery_code.used"


@dataclass(frozen=True, slots=True)
class Standing:
    """What « Ma sécurité » says of somebody's codes. `made_at` is None for who never had any."""

    left: int
    of: int
    made_at: datetime | None


def are_given(*, policy: Policy) -> bool:
    """Whether somebody of the caisse may have some."""
    factor = policy.second_factor
    return factor.recovery_codes > 0 and not LOSABLE.isdisjoint(factor.methods)


def has_use_of_codes(*, devices: Mapping[Method, Device], policy: Policy) -> bool:
    """Who has nothing that can be lost need not keep paper."""
    return are_given(policy=policy) and not LOSABLE.isdisjoint(devices)


@transaction.atomic
def make_codes(*, user: User, policy: Policy, now: datetime) -> list[str]:
    """As they are read; nobody sees them again. Those of before open nothing any more."""
    User.objects.select_for_update().get(pk=user.pk)
    RecoveryCode.objects.filter(user=user).delete()
    count = policy.second_factor.recovery_codes
    codes = [draw(length=LENGTH, alphabet=READABLE, choice=secrets.choice) for _ in range(count)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_digest(user.pk, code), created_at=now) for code in codes
    )
    record(kind=MADE, at=now, subject=str(user.uuid))
    return [in_groups(code, between="-") for code in codes]


@transaction.atomic
def use_code(*, user: User | None, typed: str, now: datetime) -> bool:
    """One UPDATE, for nobody as for somebody: of twenty at once, one goes on."""
    owner = user.pk if user is not None and user.pk else NOBODY
    unused = RecoveryCode.objects.filter(user_id=owner, used_at=None)
    found = unused.filter(digest__in=every_index(_digest(owner, first_password_as_sent(typed)))).update(
        used_at=now
    )
    if not found or user is None:
        return False
    left = standing_of(user=user).left
    record(kind=USED, at=now, subject=str(user.uuid), left=left)
    tell_of_used_recovery_code(user=user, left=left, now=now)
    return True


def standing_of(*, user: User) -> Standing:
    """One query."""
    rows = list(RecoveryCode.objects.filter(user=user).values_list("used_at", "created_at"))
    left = sum(1 for used_at, _ in rows if used_at is None)
    return Standing(left=left, of=len(rows), made_at=rows[0][1] if rows else None)


def forget_codes(*, user: User) -> None:
    """With the second factors that they stand for, at the counter."""
    RecoveryCode.objects.filter(user=user).delete()


def _digest(owner: int, code: str) -> BlindIndex:
    return keyring().index(f"{owner}:{code}", purpose=PURPOSE)
