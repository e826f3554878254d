"""How the way in of one client stands, as the counter sees it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tenant_apps.identity.models import TryCounter, User


class Access(StrEnum):
    """What happens to the client who comes now with everything right."""

    OPEN = "open"
    WAITS = "waits"
    CLOSED = "closed"
    NEVER_ACTIVATED = "never_activated"
    CHOOSES_ANEW = "chooses_anew"
    SHUT = "shut"


@dataclass(frozen=True, slots=True)
class Standing:
    """`until` is set for WAITS alone. `activated`: the client has a secret; `anew`: had one, which the agency took."""

    access: Access
    until: datetime | None = None
    activated: bool = True
    anew: bool = False

    @property
    def locked(self) -> bool:
        """Failed tries closed it, for a while or until the agency opens."""
        return self.access in (Access.WAITS, Access.CLOSED)


def standing_of(*, user: User, now: datetime) -> Standing:
    """One query. A lock comes first: an account that was never activated can be locked too."""
    access, until = _access(user, now)
    return Standing(access, until=until, activated=user.is_activated, anew=user.chooses_anew)


def _access(user: User, now: datetime) -> tuple[Access, datetime | None]:
    if not user.is_active:
        return Access.SHUT, None
    counter = TryCounter.objects.filter(scope=TryCounter.Scope.ACCOUNT, key=user.login_index).first()
    if counter is not None and counter.agency_only:
        return Access.CLOSED, None
    if counter is not None and is_closed(counter=counter, now=now):
        return Access.WAITS, counter.locked_until
    if user.is_activated:
        return Access.OPEN, None
    return Access.CHOOSES_ANEW if user.chooses_anew else Access.NEVER_ACTIVATED, None


def is_closed(*, counter: TryCounter, now: datetime) -> bool:
    """Whether a try would be refused unseen, as `domain.lockout` refuses it."""
    return counter.agency_only or (counter.locked_until is not None and now < counter.locked_until)
