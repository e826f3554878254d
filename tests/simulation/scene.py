"""What all acts of a run share: its chance, its clock, its caisses, and an eye on all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from tenant_apps.payments.domain.outcomes import Said
from tenant_apps.payments.models import PaymentLine
from tests.simulation import at_counter, at_home
from tests.simulation.at_bank import arrival
from tests.simulation.at_once import Beside
from tests.simulation.bank import Mood
from tests.simulation.chance import Chance, SimulatedClock
from tests.simulation.invariants import sums_of
from tests.simulation.plans import Plan
from tests.simulation.towns import Town

Row = tuple[Any, ...]


@dataclass(slots=True)
class Scene:
    """`owner`: a connection that sees every caisse. `history`: what was done, an act a line."""

    chance: Chance
    clock: SimulatedClock
    towns: list[Town]
    owner: "psycopg.Connection[Any]"
    beside: Beside
    history: list[str] = field(default_factory=list)
    charged: int = 0
    seen: dict[str, Row] = field(default_factory=dict)
    """The sums of all caisses after the last act."""
    well: bool = False
    """The bank answers everything, at once."""
    disturbed: bool = True
    """Others may act while the bank thinks."""

    def all_sums(self) -> dict[str, Row]:
        rows = self.owner.execute(sums_of([each.schema for each in self.towns]).encode()).fetchall()
        return {schema: tuple(rest) for schema, *rest in rows}

    def sums(self, town: Town) -> Row:
        return self.all_sums()[town.schema]

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        before, self.disturbed = self.disturbed, False
        try:
            yield
        finally:
            self.disturbed = before

    @contextmanager
    def calm(self) -> Iterator[None]:
        """Undisturbed, with a bank that answers."""
        before, self.well = self.well, True
        try:
            with self.undisturbed():
                yield
        finally:
            self.well = before

    def mood(self) -> Mood:
        return Mood(
            before=lambda: not self.well and self.chance.happens(0.12),
            after=lambda: not self.well and self.chance.happens(0.06),
            meanwhile=self._meanwhile,
            answers=self._refund_answer,
            now=lambda: self.clock.now,
        )

    def _refund_answer(self) -> Said:
        return self.chance.choices([Said.REFUND_DONE, Said.REFUND_SENT, Said.REFUND_FAILED], [6, 3, 1])[0]

    def _meanwhile(self, payment: UUID | None) -> None:
        """While the bank is asked: the card is charged and its webhook arrives first, or the counter acts."""
        if not self.disturbed or payment is None or not self.chance.happens(0.3):
            return
        town = next(each for each in self.towns if each.schema == connection.schema_name)
        with self.undisturbed():
            for plan in self._disturbances(town, payment):
                self.history.append(f"  meanwhile at {town.schema}, {plan.done()}")

    def _disturbances(self, town: Town, payment: UUID) -> list[Plan]:
        charge = town.book.charges[payment]
        if charge.said is Said.OPEN and self.chance.happens(0.6):
            at_home.play(self, town, charge)
            return [arrival(town, each) for each in town.book.words if each.payment == payment][:2]
        line = PaymentLine.objects.filter(payment__uuid=payment).order_by("position").first()
        contract = at_counter.contract_named(line.reference) if line else None
        return [at_counter.money_for(self, town, contract)] if contract else []


@contextmanager
def at(town: Town) -> Iterator[None]:
    with tenant_context(town.caisse):
        yield
