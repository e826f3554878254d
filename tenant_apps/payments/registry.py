"""What a payment may settle: products say what an act costs, do it, and name it. Payments knows none of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.utils.functional import Promise

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client


class CannotPayError(ValueError):
    """That act is not to be paid now. `words`: what the client reads, with what to do instead."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class CannotApplyError(RuntimeError):
    """A sum was paid for an act that can no longer be done. `reason`: a code, which stays in the journal."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownSettlementError(LookupError):
    """Nobody registered that kind: a slip of whoever asks."""


class Price(Protocol):
    def __call__(
        self, *, client: Client, reference: UUID, act: str, amount: Money | None, now: datetime
    ) -> Money:
        """What the act costs this client as of that time, which may be that of a quote that still holds. `amount`: what
        the client wants to pay, where the act leaves it open. Changes nothing. Raises CannotPayError, for what is not
        this client's too.
        """


class Apply(Protocol):
    def __call__(
        self,
        *,
        client_id: int,
        reference: UUID,
        act: str,
        amount: Money,
        payment_uuid: UUID,
        now: datetime,
        quoted_at: datetime,
    ) -> Money:
        """Do the act, in the transaction that marks the payment paid. `now`: when the card was charged; `quoted_at`:
        when its price was promised, which holds whatever the clock has added since. Answers what of `amount` was too
        much, where the agency has taken something off the price since: it goes back, or is held.

        Called once for each line, in the order of kind and reference: rows are locked in that order. Raises
        CannotApplyError, after which nothing of it is kept.
        """


class Words(Protocol):
    def __call__(self, *, reference: UUID, act: str) -> str:
        """A short label in the language of the moment, for screens, receipts and messages."""


class Learn(Protocol):
    def __call__(self, *, references: Collection[UUID]) -> None:
        """Find out, in one query, what `words` will say of each: a list asks before it names them one by one."""


class Mentions(Protocol):
    def __call__(self, *, reference: UUID, act: str) -> tuple[str, ...]:
        """What the law wants read before paying, a sentence each."""


class Changes(Protocol):
    def __call__(self, *, reference: UUID, act: str) -> tuple[str, ...]:
        """What this act changes, said beside its price: its mentions come after all acts, once each."""


class Shares(Protocol):
    def __call__(self, *, reference: UUID, act: str, amount: Money) -> tuple[tuple[str, Money], ...]:
        """Where the money of an act goes, a name each, in the language of the moment; they come to `amount`."""


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the sum of an act that was done. `parts`: a name each, in the language of the moment; they come to
    the sum. `left`: what is still due, in sentences.
    """

    parts: tuple[tuple[str, Money], ...] = ()
    left: tuple[str, ...] = ()


class Accounts(Protocol):
    def __call__(self, *, reference: UUID, act: str, payment: UUID) -> Account:
        """For the receipt of that payment, as it was once the act was done, whenever it is asked for."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do once an act is paid and done: a sentence, and the way to it."""

    words: str
    label: str
    address: str


class Afterwards(Protocol):
    def __call__(self, *, reference: UUID, act: str, payment: UUID) -> NextStep | None:
        """None where nothing is left to do. `payment`: what paid for it, as `Apply` was told."""


def _nothing_afterwards(*, reference: UUID, act: str, payment: UUID) -> NextStep | None:
    return None


def _no_changes(*, reference: UUID, act: str) -> tuple[str, ...]:
    return ()


def _no_shares(*, reference: UUID, act: str, amount: Money) -> tuple[tuple[str, Money], ...]:
    return ()


def _no_account(*, reference: UUID, act: str, payment: UUID) -> Account:
    return Account()


def _no_mentions(*, reference: UUID, act: str) -> tuple[str, ...]:
    return ()


def _nothing_to_learn(*, references: Collection[UUID]) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a product has its acts paid."""

    price: Price
    apply: Apply
    words: Words
    learn: Learn = _nothing_to_learn
    mentions: Mentions = _no_mentions
    changes: Changes = _no_changes
    # Shown before paying, where a sum is made of several.
    shares: Shares = _no_shares
    # On the receipt.
    account: Accounts = _no_account
    # Its own codes of why an act could not be done, as the agency reads them: whole sentences.
    reasons: Mapping[str, str | Promise] = field(default_factory=dict)
    # The same as the client reads them, where that is said otherwise.
    told: Mapping[str, str | Promise] = field(default_factory=dict)
    afterwards: Afterwards = _nothing_afterwards
    # The name of the page of what the client may pay, for the way back.
    page: str = "home"


_settlements: dict[str, Settlement] = {}


def register_settlement(kind: str, settlement: Settlement) -> None:
    """Called by a product when it is ready. `kind`: one word, such as `pawn_loan`."""
    _settlements[kind] = settlement


def settlement_of(kind: str) -> Settlement:
    """Raises UnknownSettlementError."""
    try:
        return _settlements[kind]
    except KeyError:
        raise UnknownSettlementError(kind) from None
