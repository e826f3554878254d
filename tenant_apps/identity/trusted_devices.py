"""Browsers that need not pass the second step for some days: a signed cookie, and a row that ends it from here."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature
from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse

from guichet.kernel.sealing import BlindIndex, every_index
from guichet.tenancy.signing import keyring, signer
from tenant_apps.identity.browsers import words_in
from tenant_apps.identity.factors import NOBODY
from tenant_apps.identity.models import TrustedDevice, User
from tenant_apps.journal.record import record
from tenants.policy.document import Policy

COOKIE, PURPOSE = "guichet_trusted", "trusted-device"
TOKEN_BYTES = 32
# The longest that a policy may say (tenants.policy.sections.second_factor).
LONGEST = timedelta(days=365)
ADDED, ENDED, PASSED = "trusted_device.added", "trusted_device.ended", "second_step.trusted"


def cookie_name() -> str:
    return f"__Host-{COOKIE}" if settings.SESSION_COOKIE_SECURE else COOKIE


def trust(
    request: HttpRequest, response: HttpResponse, *, user: User, policy: Policy, address: str, now: datetime
) -> None:
    """This browser, whose owner has just passed both steps and asked for it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    browser, system = words_in(request.headers.get("User-Agent", ""))
    TrustedDevice.objects.create(
        user=user,
        digest=_digest(user.pk, token),
        epoch=user.session_epoch,
        created_at=now,
        browser=browser,
        system=system,
    )
    record(kind=ADDED, at=now, subject=str(user.uuid), address=address)
    response.set_cookie(
        cookie_name(),
        signer(PURPOSE).sign(token),
        max_age=_length(policy),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def passes_by_trust(
    request: HttpRequest, *, user: User | None, policy: Policy, address: str, now: datetime
) -> bool:
    """Whether the second step is passed, the secret being right. One statement, for nobody as for somebody."""
    token = _token_of(request) if policy.second_factor.trusted_days else None
    if token is None:
        return False
    owner = user.pk if user else NOBODY
    digest = _digest(owner, token)
    mine = TrustedDevice.objects.filter(user_id=owner, digest__in=every_index(digest))
    live = mine.filter(epoch=user.session_epoch if user else 0, created_at__gt=now - _length(policy))
    # It comes under the newest key, while the one before is still there to know it by.
    if not live.update(used_at=now, digest=str(digest)) or user is None:
        return False
    record(kind=PASSED, at=now, subject=str(user.uuid), address=address)
    return True


def trusted_devices_of(*, user: User, policy: Policy, now: datetime) -> list[TrustedDevice]:
    """Those that still pass, the latest first. No query where the policy trusts none."""
    if not policy.second_factor.trusted_days:
        return []
    live = TrustedDevice.objects.filter(user=user, epoch=user.session_epoch)
    return list(live.filter(created_at__gt=now - _length(policy)).order_by("-created_at"))


def is_this_one(request: HttpRequest, *, device: TrustedDevice) -> bool:
    token = _token_of(request)
    return token is not None and device.digest in every_index(_digest(device.user_id, token))


@transaction.atomic
def end_trust(*, user: User, uuid: UUID, address: str, now: datetime) -> bool:
    """Whether there was one of this person's to end."""
    gone, _ = TrustedDevice.objects.filter(user=user, uuid=uuid).delete()
    if gone:
        record(kind=ENDED, at=now, subject=str(user.uuid), address=address)
    return bool(gone)


def forget_ended_trust(*, now: datetime) -> int:
    """Those of an epoch that is over, and those older than any policy may say; how many went."""
    ended = ~Q(epoch=F("user__session_epoch")) | Q(created_at__lte=now - LONGEST)
    gone, _ = TrustedDevice.objects.filter(ended).delete()
    return gone


def _token_of(request: HttpRequest) -> str | None:
    try:
        return signer(PURPOSE).unsign(request.COOKIES.get(cookie_name(), ""), max_age=LONGEST)
    except BadSignature:
        return None


def _length(policy: Policy) -> timedelta:
    return timedelta(days=policy.second_factor.trusted_days)


def _digest(owner: int, token: str) -> BlindIndex:
    """Keyed, and of its owner: the table makes no cookie, and the cookie is signed besides."""
    return keyring().index(f"{owner}:{token}", purpose=PURPOSE)
