"""One act that somebody is about to do. A refusal is an end like another; any other error is none."""

from collections.abc import Callable
from dataclasses import dataclass

from tenant_apps.agencies.refusals import AppointmentRefusedError
from tenant_apps.pawn.services.errors import CannotLendError, NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.prolong_for_free import TermChangedError
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.registry import CannotPayError
from tenant_apps.payments.services.held import DisputedError
from tenant_apps.payments.services.start_payment import FormUsedError, PriceChangedError
from tenant_apps.payments.services.under_way import BeingBegunError, UnderWayError

REFUSALS = (
    AppointmentRefusedError,
    BeingBegunError,
    CannotLendError,
    CannotPayError,
    DisputedError,
    FormUsedError,
    NotPossibleError,
    OperationReusedError,
    PriceChangedError,
    ProviderError,
    TermChangedError,
    UnderWayError,
)


class BrokenPromiseError(AssertionError):
    """A promise was broken: which, and by what."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`words`: who does what to which thing. `act` answers in a few words."""

    words: str
    act: Callable[[], str]

    def done(self) -> str:
        """What the history says of it."""
        return f"{self.words}: {self.outcome()}"

    def outcome(self) -> str:
        try:
            return self.act()
        except REFUSALS as refusal:
            why = getattr(refusal, "why", None)
            return f"{type(refusal).__name__} {why or ''}".strip()


NOTHING = Plan("nothing to do", lambda: "")
