"""Who works at a caisse, or operates the GIE: let in, invited again, ended, listed. The current caisse is theirs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, Subquery

from guichet.kernel.sealing import every_index
from guichet.tenancy.connection import connection
from guichet.tenancy.signing import keyring
from tenant_apps.identity.devices import all_devices_of
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.invite_staff import invite_staff
from tenant_apps.identity.models import AccessCode, TotpDevice, User
from tenant_apps.identity.open_account import open_account
from tenant_apps.identity.realms import STAFF, rules_of
from tenant_apps.identity.recovery_codes import forget_codes
from tenant_apps.identity.selectors import login_index
from tenant_apps.journal.record import record
from tenants.models import Kind
from tenants.policy.identifiers import format_of

ENDED, REOPENED = "staff.ended", "staff.reopened"
Outcome = Literal["added", "reopened", "unchanged"]
Stands = Literal["invited", "lapsed", "without_second_step", "open", "ended"]


class AnotherNameError(ValueError):
    """Somebody of another name signs in with this address: a mistake, or an address that was given on."""


class NoSuchPersonError(LookupError):
    """Nobody of this caisse has that address; another caisse's people do not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the people, as a list shows them. `invited_until`: of the link that was sent last."""

    uuid: str
    email: str
    name: str
    stands: Stands
    invited_until: datetime | None
    last_sign_in: datetime | None


def staff_address(*, typed: str) -> str:
    """In its normal form. Raises IdentifierRefused."""
    return format_of(rules_of(STAFF).identifier).normalise(typed)


def add_staff(*, email: str, name: str, now: datetime) -> Outcome:
    """`email` in its normal form. A second run changes nothing and sends nothing.

    An access that was ended begins anew: another link, another secret, another second factor. Raises AnotherNameError.
    """
    try:
        with transaction.atomic():
            return _added(email, name, now)
    except IntegrityError:
        # Two at once: the other one has just opened it.
        with transaction.atomic():
            return _added(email, name, now)


def _added(email: str, name: str, now: datetime) -> Outcome:
    found = _locked(email)
    if found is None:
        kind = User.Kind.OPERATOR if connection.tenant.kind == Kind.GIE else User.Kind.STAFF
        user = open_account(kind=kind, identifier=email, secret=None, display_name=name, now=now)
        invite_staff(user=user, now=now)
        return "added"
    if found.display_name.casefold() != name.casefold():
        raise AnotherNameError
    if found.is_active:
        return "unchanged"
    found.is_active = True
    found.save(update_fields=["is_active"])
    record(kind=REOPENED, at=now, subject=str(found.uuid))
    invite_staff(user=found, now=now)
    return "reopened"


@transaction.atomic
def invite_again(*, email: str, now: datetime) -> AccessCode:
    """Raises NoSuchPersonError, NothingToInviteError."""
    found = _locked(email)
    if found is None:
        raise NoSuchPersonError
    return invite_staff(user=found, now=now)


@transaction.atomic
def end_staff(*, email: str, reason: str, now: datetime) -> bool:
    """Whether it was open until now. Sessions and links end at once, and nothing of the way in is kept.

    Raises NoSuchPersonError.
    """
    found = _locked(email)
    if found is None:
        raise NoSuchPersonError
    if not found.is_active:
        return False
    found.is_active, found.secret_forced_at = False, None
    found.set_unusable_password()
    found.save(update_fields=["is_active", "password", "secret_forced_at"])
    for device in all_devices_of(user=found):
        device.delete()
    forget_codes(user=found)
    AccessCode.objects.filter(user=found, used_at=None, expires_at__gt=now).update(expires_at=now)
    end_sessions(user=found)
    record(kind=ENDED, at=now, subject=str(found.uuid), reason=reason)
    return True


def people_of_the_house(*, now: datetime) -> list[Person]:
    """By name, those whose access has ended last. One query."""
    sent = AccessCode.objects.filter(user=OuterRef("pk")).order_by("-id").values("expires_at")[:1]
    linked = TotpDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    users = User.objects.exclude(kind=User.Kind.CLIENT).annotate(until=Subquery(sent), linked=Exists(linked))
    return [
        _person(user, until=user.until, linked=user.linked, now=now)
        for user in users.order_by("-is_active", "display_name", "id")
    ]


def _person(user: User, *, until: datetime | None, linked: bool, now: datetime) -> Person:
    return Person(
        uuid=str(user.uuid),
        email=keyring().open(user.identifier_sealed, purpose="identifier"),
        name=user.display_name,
        stands=_stands(user, until=until, linked=linked, now=now),
        invited_until=until if user.may_activate else None,
        last_sign_in=user.last_login,
    )


def _stands(user: User, *, until: datetime | None, linked: bool, now: datetime) -> Stands:
    if not user.is_active:
        return "ended"
    if user.may_activate:
        return "invited" if until is not None and now < until else "lapsed"
    needs = "totp" in rules_of(STAFF).second_factor.methods
    return "without_second_step" if needs and not linked else "open"


def _locked(email: str) -> User | None:
    index = login_index(realm=STAFF, identifier=email)
    found = User.objects.select_for_update(of=("self",)).filter(~Q(kind=User.Kind.CLIENT))
    return found.filter(login_index__in=every_index(index)).first()
