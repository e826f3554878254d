"""Recoveries: their links and codes made, remembered as digests, found again."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from guichet.kernel.sealing import BlindIndex, every_index
from guichet.tenancy.signing import keyring
from tenant_apps.identity.access_codes import TOKEN_BYTES
from tenant_apps.identity.domain.codes import draw
from tenant_apps.identity.factors import NOBODY
from tenant_apps.identity.models import Recovery, User
from tenants.policy.document import Policy
from tenants.policy.sections.ways_in import ALPHABETS, Proof

LINK_PURPOSE, CODE_PURPOSE = "recovery-link", "recovery-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What is about to be sent; empty where the way has none."""

    token: str = ""
    code: str = ""


def proofs_for(*, has_email: bool, policy: Policy) -> tuple[Proof, ...]:
    """What this person must bring, all of it; nothing means: at the agency."""
    return policy.recovery.proofs if has_email else policy.recovery.proofs_without_email


def lifetime_of(*, proofs: tuple[Proof, ...], policy: Policy) -> timedelta:
    """What serves together lives until the first of it lapses."""
    return min(policy.recovery.lifetime_of(proof) for proof in proofs)


def new_secrets(*, proofs: tuple[Proof, ...], policy: Policy) -> Secrets:
    rules = policy.recovery.code
    with_code = any(proof != "email_link" for proof in proofs)
    return Secrets(
        token=secrets.token_urlsafe(TOKEN_BYTES) if "email_link" in proofs else "",
        code=draw(length=rules.length, alphabet=ALPHABETS[rules.alphabet], choice=secrets.choice)
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
        created_at=now,
        expires_at=now + lifetime_of(proofs=proofs, policy=policy),
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
    return found.filter(expires_at__gt=now, tries_left__gt=0).order_by("-id").first()


def take_try(*, recovery: Recovery | None, now: datetime) -> bool:
    """Whether this code may be looked at: counted first, in one statement, so that parallel codes cannot outrun it."""
    alive = Recovery.objects.filter(pk=recovery.pk if recovery else NOBODY, used_at=None, expires_at__gt=now)
    return bool(alive.filter(tries_left__gt=0).update(tries_left=F("tries_left") - 1))


def give_back_try(*, recovery: Recovery) -> None:
    Recovery.objects.filter(pk=recovery.pk).update(tries_left=F("tries_left") + 1)


def code_is_right(*, recovery: Recovery | None, code: str) -> bool:
    """Capitals and small letters told apart. One digest, for nobody as for somebody."""
    owner, digest = (recovery.user_id, recovery.code_digest) if recovery else (NOBODY, "")
    return keyring().matches(_bound(owner, code), digest, purpose=CODE_PURPOSE)


def sent_since(*, user: User, moment: datetime) -> bool:
    """Whether something was sent at that moment or later."""
    return Recovery.objects.filter(user=user, created_at__gte=moment).exists()


def has_live_letter(*, user: User, now: datetime) -> bool:
    found = live_code_of(user=user, now=now)
    return found is not None and "letter_code" in found.proofs


def latest_of(*, user: User) -> Recovery | None:
    return Recovery.objects.filter(user=user).order_by("-id").first()


def forget_old_recoveries(*, before: datetime) -> int:
    """Those that had lapsed by then; how many went."""
    gone, _ = Recovery.objects.filter(expires_at__lt=before).delete()
    return gone


def _bound(user_id: int, code: str) -> str:
    """A code is one account's only."""
    return f"{user_id}:{code}"
