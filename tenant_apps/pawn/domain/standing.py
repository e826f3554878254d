"""Where a contract stands on a day, and what comes next."""

from datetime import date, timedelta
from enum import Enum

from tenant_apps.pawn.domain.states import ENDED

# How long before its term a contract is said to be due soon.
SOON = timedelta(days=30)


class Standing(Enum):
    """What the client should know first."""

    RUNNING = "running"
    DUE_SOON = "due_soon"
    DUE = "due"
    IN_GRACE = "in_grace"
    EXTRA_TIME = "extra_time"
    FOR_SALE = "for_sale"
    SOLD = "sold"
    BONI_AVAILABLE = "boni_available"
    BONI_CLAIMED = "boni_claimed"
    BONI_LAPSED = "boni_lapsed"
    REDEEMED = "redeemed"

    @property
    def tone(self) -> str:
        return _TONES[self]

    @property
    def ended(self) -> bool:
        return self.value in ENDED


_TONES = {
    Standing.RUNNING: "good",
    Standing.DUE_SOON: "warn",
    Standing.DUE: "warn",
    Standing.IN_GRACE: "bad",
    Standing.EXTRA_TIME: "warn",
    Standing.FOR_SALE: "bad",
    Standing.SOLD: "neutral",
    Standing.BONI_AVAILABLE: "good",
    Standing.BONI_CLAIMED: "neutral",
    Standing.BONI_LAPSED: "neutral",
    Standing.REDEEMED: "neutral",
}


def standing_of(*, state: str, due_on: date, today: date, extra_until: date | None = None) -> Standing:
    """The state as it was written, sharpened by the date: near its term, a running contract is due soon; past it, the
    time that the director gave counts before the usual grace.
    """
    found = Standing(state)
    if found not in (Standing.RUNNING, Standing.DUE, Standing.IN_GRACE):
        return found
    if today > due_on:
        late = Standing.DUE if found is Standing.RUNNING else found
        return Standing.EXTRA_TIME if extra_until and today <= extra_until else late
    if found is not Standing.RUNNING:
        return found
    return Standing.DUE_SOON if due_on - today <= SOON else Standing.RUNNING
