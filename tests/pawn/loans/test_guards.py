"""What stands in the way of each act, and on which day it ends: act by act, block by block, both sides of each date."""

from datetime import date, timedelta
from typing import Any

import pytest

from tenant_apps.pawn.domain.law import new_goods_from
from tenant_apps.pawn.domain.possible import Act, BlockKind, Possibility, WhyNot, possible
from tenant_apps.pawn.domain.states import State
from tests.pawn.loans.test_states import OPENED, TERM, facts

DAY = timedelta(days=1)
LOST, CLAIMED = BlockKind.LOST_RECEIPT, BlockKind.CLAIMED_BY_OTHER
ASKED_FROM = date(2026, 4, 15)
"""Three months after the loan (CMF D514-15)."""
GRACE_ENDS = date(2026, 10, 13)
SALE = date(2026, 11, 2)
LAPSES = date(2028, 11, 2)
NEW: dict[str, Any] = {"new_goods": True}
MORE: dict[str, Any] = {"extra_until": GRACE_ENDS + timedelta(days=30)}
ANNOUNCED: dict[str, Any] = {"sale_from": SALE}
BONI: dict[str, Any] = {"boni_until": LAPSES}

# Act, state, what else is known, the day, then why not: unblocked, under a lost receipt, claimed by somebody else.
Row = tuple[Act, State, dict[str, Any], date, WhyNot | None, WhyNot | None, WhyNot | None]
TABLE: tuple[Row, ...] = (
    # D514-7 and D514-10: all may be paid, and the object leaves at its term without its receipt.
    (Act.REDEEM, State.RUNNING, {}, TERM - DAY, None, WhyNot.LOST_RECEIPT, WhyNot.CLAIMED_BY_OTHER),
    (Act.REDEEM, State.RUNNING, {}, TERM, None, None, WhyNot.CLAIMED_BY_OTHER),
    (Act.REDEEM, State.FOR_SALE, ANNOUNCED, SALE, None, None, WhyNot.CLAIMED_BY_OTHER),
    (Act.FETCH, State.REDEEMED, {}, TERM - DAY, None, WhyNot.LOST_RECEIPT, WhyNot.CLAIMED_BY_OTHER),
    (Act.FETCH, State.REDEEMED, {}, TERM, None, None, WhyNot.CLAIMED_BY_OTHER),
    # D514-15: the client asks after three months; new goods wait for the term to have passed.
    (
        Act.REQUEST_SALE,
        State.RUNNING,
        {},
        ASKED_FROM - DAY,
        WhyNot.TOO_EARLY,
        WhyNot.LOST_RECEIPT,
        WhyNot.CLAIMED_BY_OTHER,
    ),
    (Act.REQUEST_SALE, State.RUNNING, {}, ASKED_FROM, None, WhyNot.LOST_RECEIPT, WhyNot.CLAIMED_BY_OTHER),
    (
        Act.REQUEST_SALE,
        State.RUNNING,
        NEW,
        TERM,
        WhyNot.NEW_GOODS,
        WhyNot.LOST_RECEIPT,
        WhyNot.CLAIMED_BY_OTHER,
    ),
    (Act.REQUEST_SALE, State.DUE, NEW, TERM + DAY, None, WhyNot.LOST_RECEIPT, WhyNot.CLAIMED_BY_OTHER),
    # D514-14: the caisse waits for the end of the grace, and of the time that the director gave.
    (
        Act.ANNOUNCE_SALE,
        State.IN_GRACE,
        {},
        GRACE_ENDS,
        WhyNot.TOO_EARLY,
        WhyNot.TOO_EARLY,
        WhyNot.CLAIMED_BY_OTHER,
    ),
    (Act.ANNOUNCE_SALE, State.IN_GRACE, {}, GRACE_ENDS + DAY, None, None, WhyNot.CLAIMED_BY_OTHER),
    (
        Act.ANNOUNCE_SALE,
        State.IN_GRACE,
        MORE,
        MORE["extra_until"],
        WhyNot.EXTRA_TIME,
        WhyNot.EXTRA_TIME,
        WhyNot.CLAIMED_BY_OTHER,
    ),
    (Act.ANNOUNCE_SALE, State.IN_GRACE, MORE, MORE["extra_until"] + DAY, None, None, WhyNot.CLAIMED_BY_OTHER),
    # D514-16 and D514-22: on the day that was announced, and never what somebody else claims.
    (
        Act.SELL,
        State.FOR_SALE,
        ANNOUNCED,
        SALE - DAY,
        WhyNot.TOO_EARLY,
        WhyNot.TOO_EARLY,
        WhyNot.CLAIMED_BY_OTHER,
    ),
    (Act.SELL, State.FOR_SALE, ANNOUNCED, SALE, None, None, WhyNot.CLAIMED_BY_OTHER),
    # D514-11 and D514-21: a lost receipt asks for a surety; two years from the sale, there is none.
    (Act.CLAIM_BONI, State.BONI_AVAILABLE, BONI, LAPSES - DAY, None, None, WhyNot.CLAIMED_BY_OTHER),
    (
        Act.CLAIM_BONI,
        State.BONI_AVAILABLE,
        BONI,
        LAPSES,
        WhyNot.BONI_LAPSED,
        WhyNot.BONI_LAPSED,
        WhyNot.BONI_LAPSED,
    ),
    # What moves nothing out of the caisse asks for no receipt and waits for no judge.
    (Act.EXTRA_TIME, State.RUNNING, {}, TERM - DAY, WhyNot.TOO_EARLY, WhyNot.TOO_EARLY, WhyNot.TOO_EARLY),
    (Act.EXTRA_TIME, State.RUNNING, {}, TERM, None, None, None),
    (Act.PAY_PART, State.RUNNING, {}, TERM, None, None, None),
    (Act.PROLONG, State.RUNNING, {}, TERM, None, None, None),
    (Act.WITHDRAW, State.FOR_SALE, ANNOUNCED, SALE, None, None, None),
)


def asked(row: Row, *blocks: BlockKind) -> Possibility:
    act, state, known, on, *_ = row
    return possible(act=act, facts=facts(state, **known, blocks=frozenset(blocks)), on=on)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[1]} {row[3]}")
def test_each_act_is_refused_under_each_block_until_its_day(row: Row) -> None:
    *_, bare, lost, claimed = row
    found = (asked(row).why_not, asked(row, LOST).why_not, asked(row, CLAIMED).why_not)
    assert found == (bare, lost, claimed)


def test_the_table_holds_every_act() -> None:
    assert {row[0] for row in TABLE} == set(Act)


def test_what_only_time_forbids_says_from_when_it_can() -> None:
    for row in TABLE:
        found = asked(row)
        if found.since is not None:
            later = asked((row[0], row[1], row[2], found.since, None, None, None))
            before = asked((row[0], row[1], row[2], found.since - DAY, None, None, None))
            assert (later.can, before.can) == (True, False), row


def test_new_goods_are_sold_the_day_after_the_term_and_no_day_before() -> None:
    """CMF D514-15."""
    assert OPENED < TERM < new_goods_from(term=TERM) == TERM + DAY
