"""An invented product, so that payments are tried without a real one: coffees that one drinks at the counter."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from guichet.kernel.money import ZERO, Money
from tenant_apps.clients.models import Client
from tenant_apps.payments import registry
from tenant_apps.payments.registry import CannotApplyError, CannotPayError, Settlement, register_settlement

KIND = "coffee"
CUP, TIP = "cup", "tip"


@dataclass(frozen=True, slots=True)
class Drunk:
    """What was applied once."""

    client_id: int
    reference: UUID
    act: str
    amount: Money
    payment: UUID


@dataclass(slots=True)
class Counter:
    """`prices`: of each cup, by its reference; `spilt`: those that can no longer be had; `breaks`: a slip of
    ours; `taken_off`: what of a price its client is spared.
    """

    prices: dict[UUID, Money] = field(default_factory=dict)
    owners: dict[UUID, int] = field(default_factory=dict)
    spilt: dict[UUID, str] = field(default_factory=dict)
    breaks: dict[UUID, Exception] = field(default_factory=dict)
    taken_off: dict[UUID, Money] = field(default_factory=dict)
    drunk: list[Drunk] = field(default_factory=list)

    def price(
        self, *, client: Client, reference: UUID, act: str, amount: Money | None, now: datetime
    ) -> Money:
        if self.owners.get(reference, client.pk) != client.pk:
            raise CannotPayError("Ce café n’est pas le vôtre.")
        if act == TIP:
            if amount is None:
                raise CannotPayError("Dites combien vous laissez.")
            return amount
        return self.prices[reference]

    def apply(
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
        if reference in self.breaks:
            raise self.breaks[reference]
        if reference in self.spilt:
            raise CannotApplyError(self.spilt[reference])
        off = self.taken_off.get(reference, ZERO)
        self.drunk.append(Drunk(client_id, reference, act, amount - off, payment_uuid))
        return off

    def words(self, *, reference: UUID, act: str) -> str:
        return "Pourboire" if act == TIP else f"Café {str(reference)[:4]}"

    def mentions(self, *, reference: UUID, act: str) -> tuple[str, ...]:
        return ("Un café payé n’est ni repris ni échangé.",)


@contextmanager
def opened() -> Iterator[Counter]:
    """Registered until the end of the test."""
    counter = Counter()
    register_settlement(
        KIND,
        Settlement(
            price=counter.price,
            apply=counter.apply,
            words=counter.words,
            mentions=counter.mentions,
            reasons={"redeemed": "Ce café était déjà bu."},
        ),
    )
    try:
        yield counter
    finally:
        registry._settlements.pop(KIND)
