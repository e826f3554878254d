"""Whether the caisse's books say what the bank's and the till's say."""

from decimal import Decimal
from typing import Any

import psycopg

from guichet.kernel.money import Money
from tests.simulation.plans import BrokenPromiseError
from tests.simulation.towns import Town

PAYMENTS = """
    SELECT p.capture, p.captured, coalesce(sum(l.amount) FILTER (WHERE l.state IN ('applied', 'held')), 0),
        coalesce(sum(l.amount) FILTER (WHERE l.state = 'refunded'), 0)
    FROM {s}.payments_payment p JOIN {s}.payments_paymentline l ON l.payment_id = p.id
    WHERE p.captured IS NOT NULL GROUP BY p.id"""
TILL = """
    SELECT o.kind, sum(o.amount) FROM {s}.pawn_operation o LEFT JOIN {s}.pawn_operation p ON p.id = o.takes_back_id
    WHERE o.source = 'counter' AND p.payment IS NULL GROUP BY o.kind"""
LOST = "SELECT capture, dispute, disputed FROM {s}.payments_payment WHERE dispute <> ''"
STATE = (
    "SELECT id, state, reference, created_at, closed_at, check_at FROM {s}.payments_payment WHERE uuid = %s"
)
SHARES = "of capture {}, {} serves or is held and {} went back: of {}"
STATES = {"disputed": "open", "dispute_won": "won", "dispute_lost": "lost"}
Rows = list[tuple[Any, ...]]


def check(owner: "psycopg.Connection[Any]", town: Town) -> None:
    """Raises BrokenPromiseError."""
    _check_till(owner.execute(TILL.format(s=town.schema).encode()).fetchall(), town)
    for capture, captured, kept, refunded in _captured(owner, town):
        known = town.book.captures.get(capture)
        if known is None or known.amount != captured:
            raise BrokenPromiseError(f"capture {capture} is of {captured} here, the bank says otherwise")
        given = town.book.given_back(capture)
        if kept + given > captured:
            raise BrokenPromiseError(SHARES.format(capture, kept, given, captured))
        if refunded > captured:
            raise BrokenPromiseError(
                f"of capture {capture}, {refunded} is said to have gone back: of {captured}"
            )


def check_at_rest(owner: "psycopg.Connection[Any]", town: Town) -> None:
    """When the bank has answered everything: the two books agree to the cent. Raises BrokenPromiseError."""
    ours = {capture: (captured, kept) for capture, captured, kept, _ in _captured(owner, town)}
    for capture, known in town.book.captures.items():
        if capture not in ours:
            found = owner.execute(STATE.format(s=town.schema).encode(), [known.payment]).fetchone()
            raise BrokenPromiseError(
                f"the bank captured {known.amount} as {capture} for what the caisse has as {found}"
            )
        captured, kept = ours[capture]
        given = town.book.given_back(capture)
        if kept + given != captured:
            raise BrokenPromiseError(SHARES.format(capture, kept, given, captured))
    said = {capture: STATES[how] for capture, how in town.book.disputes.items()}
    rows: Rows = owner.execute(LOST.format(s=town.schema).encode()).fetchall()
    if {capture: how for capture, how, _ in rows} != said:
        raise BrokenPromiseError(f"the banks say {said} of what is disputed, the caisse {rows}")
    open_ones = f"SELECT count(*) FROM {town.schema}.payments_payment WHERE state IN ('created', 'waiting')"  # noqa: S608  # our own words
    if owner.execute(open_ones.encode()).fetchone() != (0,):
        raise BrokenPromiseError("a payment waits for ever")


def _captured(owner: "psycopg.Connection[Any]", town: Town) -> list[tuple[str, Money, Money, Money]]:
    rows: Rows = owner.execute(PAYMENTS.format(s=town.schema).encode()).fetchall()
    return [(capture, *map(_money, sums)) for capture, *sums in rows]


def _check_till(rows: Rows, town: Town) -> None:
    written = {kind: cents for kind, amount in rows if (cents := _money(amount).cents)}
    if written != {kind: cents for kind, cents in town.till.items() if cents}:
        raise BrokenPromiseError(f"the till says {dict(town.till)}, the contracts say {written}")


def _money(amount: Decimal) -> Money:
    return Money.of(amount)
