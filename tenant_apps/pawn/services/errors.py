"""Why an act was not done. Nothing of it is kept."""

from datetime import date
from enum import StrEnum

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.operations import OperationKind
from tenant_apps.pawn.domain.possible import WhyNot


class NotPossibleError(ValueError):
    """The law, the state or the tariff forbids it. `since`: from when it can; `until`: the last day that will
    do; `due`: what it would have cost; `most`: how much may change hands in cash; `followed`: what was done since.
    """

    def __init__(
        self,
        why: WhyNot,
        *,
        since: date | None = None,
        until: date | None = None,
        due: Money | None = None,
        most: Money | None = None,
        followed: OperationKind | None = None,
    ) -> None:
        super().__init__(why.value)
        self.why, self.since, self.until, self.due, self.most = why, since, until, due, most
        self.followed = followed


class OperationReusedError(ValueError):
    """This operation was done already, with another content: the form was changed and sent again."""


class WhyNotLent(StrEnum):
    NO_TARIFF = "no_tariff"
    NO_OBJECT = "no_object"
    NO_METAL_PRICE = "no_metal_price"
    ABOVE_THE_LAW = "above_the_law"
    """More than the maxima on these objects (CMF D514-8); `most` says how much may be lent."""
    ABOVE_USURY = "above_usury"
    USURY_UNKNOWN = "usury_unknown"
    """The ceiling of the day is not known, and this is too near the last known one."""
    NEW_GOODS = "new_goods"
    """The caisse does not lend on what is new."""
    NO_INVOICE = "no_invoice"
    """It does, on sight of the invoice (CMF D514-1)."""
    AMOUNT_NOT_OFFERED = "amount_not_offered"
    MONTHS_NOT_OFFERED = "months_not_offered"


class CannotLendError(ValueError):
    """`most`: what the law lets be lent; `least`, `greatest` and `step`: what the tariff offers."""

    def __init__(
        self,
        why: WhyNotLent,
        *,
        most: Money | None = None,
        least: Money | None = None,
        greatest: Money | None = None,
        step: Money | None = None,
    ) -> None:
        super().__init__(why.value)
        self.why, self.most, self.least, self.greatest, self.step = why, most, least, greatest, step
