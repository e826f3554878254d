"""Links, first passwords and codes by post: made, remembered as digests, found again."""

import secrets
from datetime import datetime, timedelta

from guichet.kernel.sealing import BlindIndex, every_index
from guichet.tenancy.signing import keyring
from tenant_apps.identity.domain.codes import FIRST_PASSWORD_LENGTH, READABLE, draw
from tenant_apps.identity.factors import NOBODY
from tenant_apps.identity.models import AccessCode, User, WayException
from tenants.policy.document import Policy
from tenants.policy.sections.ways_in import ALPHABETS

PURPOSE = "access-code"
# 256 bits: a link is found by itself alone.
TOKEN_BYTES = 32
# What was sent so lately stays good whoever asks again: to know an identifier must not void what its owner just got.
KEPT_FROM_REQUESTS = timedelta(minutes=15)


def new_secret(*, kind: AccessCode.Kind, policy: Policy) -> str:
    """What is about to be sent."""
    if kind == AccessCode.Kind.LINK:
        return secrets.token_urlsafe(TOKEN_BYTES)
    if kind == AccessCode.Kind.PASSWORD:
        return draw(length=FIRST_PASSWORD_LENGTH, alphabet=READABLE, choice=secrets.choice)
    rules = policy.activation.code
    return draw(length=rules.length, alphabet=ALPHABETS[rules.alphabet], choice=secrets.choice)


def lifetime_of(*, kind: AccessCode.Kind, policy: Policy) -> timedelta:
    rules = policy.activation
    return {
        AccessCode.Kind.LINK: rules.link_lifetime,
        AccessCode.Kind.PASSWORD: rules.password_lifetime,
        AccessCode.Kind.LETTER: rules.letter_lifetime,
    }[kind]


def keep_code(
    *, user: User, kind: AccessCode.Kind, secret: str, lifetime: timedelta, now: datetime
) -> AccessCode:
    """Whatever was sent before opens nothing any more. The caller holds the lock of the user's row."""
    AccessCode.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)
    return AccessCode.objects.create(
        user=user,
        kind=kind,
        digest=_digest(kind=kind, user_id=user.pk, secret=secret),
        created_at=now,
        expires_at=now + lifetime,
    )


def end_sent_codes(*, user: User, now: datetime) -> None:
    """What went by mail or by SMS opens nothing any more; a letter does. The caller holds the lock of the user."""
    live = AccessCode.objects.filter(user=user, used_at=None, expires_at__gt=now)
    live.exclude(kind=AccessCode.Kind.LETTER).update(expires_at=now)


def end_sent_letters(*, user: User, now: datetime) -> None:
    """The other way round. The caller holds the lock of the user."""
    live = AccessCode.objects.filter(user=user, used_at=None, expires_at__gt=now)
    live.filter(kind=AccessCode.Kind.LETTER).update(expires_at=now)


def link_digest(token: str) -> BlindIndex:
    """By which the row of a link is found, also of one that was sent before the master key was replaced."""
    return keyring().index(_bound(kind=AccessCode.Kind.LINK, user_id=NOBODY, secret=token), purpose=PURPOSE)


def code_of_digest(*, digest: str) -> AccessCode | None:
    return AccessCode.objects.select_related("user__client").filter(digest__in=every_index(digest)).first()


def live_code_of(*, user: User | None, kind: AccessCode.Kind, now: datetime) -> AccessCode | None:
    """One query, for nobody as for somebody."""
    found = AccessCode.objects.filter(user_id=user.pk if user else NOBODY, kind=kind, used_at=None)
    return found.filter(expires_at__gt=now).order_by("-id").first()


def code_is_right(*, code: AccessCode | None, kind: AccessCode.Kind, secret: str) -> bool:
    """One digest, for nobody as for somebody."""
    owner, digest = (code.user_id, code.digest) if code else (NOBODY, "")
    return keyring().matches(_bound(kind=kind, user_id=owner, secret=secret), digest, purpose=PURPOSE)


def latest_code_of(*, user: User) -> AccessCode | None:
    """What was sent last, whether or not it still opens anything."""
    return AccessCode.objects.filter(user=user).order_by("-id").first()


def sent_since(*, user: User, moment: datetime) -> bool:
    """Whether something was sent at that moment or later."""
    return AccessCode.objects.filter(user=user, created_at__gte=moment).exists()


def has_live_code(*, user: User, now: datetime) -> bool:
    """Whether something that was sent still opens."""
    return AccessCode.objects.filter(user=user, used_at=None, expires_at__gt=now).exists()


def was_just_sent(*, user: User, now: datetime) -> bool:
    """Whether what the person was last sent still opens, and is too young to be made worthless by a request."""
    found = AccessCode.objects.filter(user=user, used_at=None, expires_at__gt=now)
    return found.filter(created_at__gt=now - KEPT_FROM_REQUESTS).exists()


def has_live_letter(*, user: User, now: datetime) -> bool:
    return live_code_of(user=user, kind=AccessCode.Kind.LETTER, now=now) is not None


def letters_are_awaited(*, policy: Policy, now: datetime) -> bool:
    """Whether the caisse sends codes by letter, by its policy or to anybody by exception. One query at most.

    The page of the code, and the way to it, are then there for everybody: they say nothing of who comes.
    """
    if "letter_code" in policy.activation.sends:
        return True
    live = AccessCode.objects.filter(kind=AccessCode.Kind.LETTER, used_at=None, expires_at__gt=now)
    granted = WayException.objects.filter(way=WayException.Way.LETTER, ends_at__gt=now)
    return granted.values("pk").union(live.values("pk")).exists()


def forget_old_codes(*, before: datetime) -> int:
    """Those that had lapsed by then; how many went."""
    gone, _ = AccessCode.objects.filter(expires_at__lt=before).delete()
    return gone


def _digest(*, kind: AccessCode.Kind, user_id: int, secret: str) -> str:
    return keyring().digest(_bound(kind=kind, user_id=user_id, secret=secret), purpose=PURPOSE)


def _bound(*, kind: AccessCode.Kind, user_id: int, secret: str) -> str:
    """A link says by itself whose it is; a code is one account's only."""
    owner = NOBODY if kind == AccessCode.Kind.LINK else user_id
    return f"{kind}:{owner}:{secret}"
