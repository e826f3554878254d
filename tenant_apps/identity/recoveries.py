"""Recoveries: their links and codes made, remembered as digests, found again."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from guichet.kernel.sealing import BlindIndex, every_index
from guichet.tenancy.signing import keyring
from tenant_apps.identity.access_codes import KEPT_FROM_REQUESTS, TOKEN_BYTES
from tenant_apps.identity.domain.codes import draw
from tenant_apps.identity.factors import NOBODY
from tenant_apps.identity.models import Recovery, User
from tenants.policy.document import Policy
from tenants.policy.sections.ways_in import ALPHABETS, Proof

LINK_PURPOSE, CODE_PURPOSE = "recovery-link", "recovery-code"
# Wrong codes do not end a letter: it takes weeks, and whoever knows the identifier may type them.
NOT_GUESSED_OUT = Q(tries_left__gt=0) | Q(tries_day__isnull=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What is about to be sent; empty where the way has none."""

    token: str = ""
    code: str = ""


def proofs_for(*, has_email: bool, policy: Policy) -> tuple[Proof, ...]:
    """What this person must bring, all of it; nothing means: at the agency."""
    return policy.recovery.proofs if has_email else policy.recovery.proofs_without_email


def new_secrets(*, proofs: tuple[Proof, ...], policy: Policy) -> Secrets:
    rules = policy.recovery.code
    with_code = any(proof != "email_link" for proof in proofs)
    return Secrets(
        token=secrets.token_urlsafe(TOKEN_BYTES) if "email_link" in proofs else "",
        code=draw(
            length=policy.recovery.code_length(proofs),
            alphabet=ALPHABETS[rules.alphabet],
            choice=secrets.choice,
        )
        if with_code
        else "",
    )


def keep_recovery(
    *, user: User, proofs: tuple[Proof, ...], sent: Secrets, policy: Policy, now: datetime
) -> Recovery:
    """Whatever was sent before opens nothing any more. The caller holds the lock of the user's row."""
    end_recoveries(user=user, now=now)
    return Recovery.objects.create(
        user=user,
        proofs=list(proofs),
        epoch=user.session_epoch,
        link_digest=link_digest(sent.token) if sent.token else "",
        code_digest=keyring().digest(_bound(user.pk, sent.code), purpose=CODE_PURPOSE) if sent.code else "",
        tries_left=policy.recovery.code_tries,
        tries_day=timezone.localdate(now) if "letter_code" in proofs else None,
        created_at=now,
        expires_at=now + policy.recovery.lifetime_together(proofs),
    )


def end_recoveries(*, user: User, now: datetime) -> None:
    Recovery.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)


def link_digest(token: str) -> BlindIndex:
    """By which the row of a link is found, also of one that was sent before the master key was replaced."""
    return keyring().index(token, purpose=LINK_PURPOSE)


def recovery_of_link(*, digest: str) -> Recovery | None:
    return Recovery.objects.select_related("user__client").filter(link_digest__in=every_index(digest)).first()


def recovery_of_code(*, pk: int) -> Recovery | None:
    """One whose code was typed and right; where there is a link, the code alone leads nowhere."""
    return Recovery.objects.select_related("user__client").filter(pk=pk, link_digest="").first()


def live_code_of(*, user: User | None, now: datetime) -> Recovery | None:
    """The recovery of this account that a code alone opens. One query, for nobody as for somebody."""
    found = Recovery.objects.filter(user_id=user.pk if user else NOBODY, link_digest="", used_at=None)
    return found.filter(NOT_GUESSED_OUT, expires_at__gt=now).order_by("-id").first()


def take_try(*, recovery: Recovery | None, policy: Policy, now: datetime) -> bool:
    """Whether this code may be looked at: counted first, in one statement, so that parallel codes cannot outrun it.

    A letter has its tries anew each day. At the very worst that a policy allows, ten a day on each of the 91 days that
    90 days touch, of the 10^8 codes of eight digits: one letter in 109 000 is guessed. As the platform has it, five a
    day for 15 days: one in 1 250 000.
    """
    today = timezone.localdate(now)
    alive = Recovery.objects.filter(pk=recovery.pk if recovery else NOBODY, used_at=None, expires_at__gt=now)
    of_another_day = Q(tries_day__lt=today)
    left = Case(
        When(of_another_day, then=Value(policy.recovery.code_tries)),
        default=F("tries_left"),
        output_field=IntegerField(),
    )
    day = Case(When(of_another_day, then=Value(today)), default=F("tries_day"))
    taken = alive.filter(Q(tries_left__gt=0) | of_another_day).update(tries_left=left - 1, tries_day=day)
    return bool(taken)


def give_back_try(*, recovery: Recovery) -> None:
    Recovery.objects.filter(pk=recovery.pk).update(tries_left=F("tries_left") + 1)


def code_is_right(*, recovery: Recovery | None, code: str) -> bool:
    """Capitals and small letters told apart. One digest, for nobody as for somebody."""
    owner, digest = (recovery.user_id, recovery.code_digest) if recovery else (NOBODY, "")
    return keyring().matches(_bound(owner, code), digest, purpose=CODE_PURPOSE)


def sent_since(*, user: User, moment: datetime) -> bool:
    """Whether something was sent at that moment or later."""
    return Recovery.objects.filter(user=user, created_at__gte=moment).exists()


def was_just_sent(*, user: User, now: datetime) -> bool:
    """Whether what the person was last sent still opens, and is too young to be made worthless by a request."""
    found = _standing(user=user, now=now).filter(created_at__gt=now - KEPT_FROM_REQUESTS)
    return found.exists()


def kept_from_requests(*, policy: Policy) -> timedelta:
    """How long after one request the next may lead to something: what has lapsed keeps nothing back."""
    recovery = policy.recovery
    return min([KEPT_FROM_REQUESTS, *(recovery.lifetime_together(way) for way in recovery.ways)])


def has_live_letter(*, user: User, now: datetime) -> bool:
    """With a link beside it or without."""
    return _standing(user=user, now=now).filter(proofs__contains=["letter_code"]).exists()


def _standing(*, user: User, now: datetime) -> "QuerySet[Recovery]":
    found = Recovery.objects.filter(user=user, used_at=None, expires_at__gt=now, epoch=user.session_epoch)
    return found.filter(NOT_GUESSED_OUT)


def latest_of(*, user: User) -> Recovery | None:
    return Recovery.objects.filter(user=user).order_by("-id").first()


def forget_old_recoveries(*, before: datetime) -> int:
    """Those that had lapsed by then; how many went."""
    gone, _ = Recovery.objects.filter(expires_at__lt=before).delete()
    return gone


def _bound(user_id: int, code: str) -> str:
    """A code is one account's only."""
    return f"{user_id}:{code}"
