"""The table of legal ways, and what can be done when."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.kernel.money import ZERO, Money
from guichet.tenancy.connection import connection
from tenant_apps.pawn.domain.law import boni_lapses_on, boni_notice_on, last_term, outcome_of
from tenant_apps.pawn.domain.possible import Act, BlockKind, Facts, WhyNot, possibilities, possible
from tenant_apps.pawn.domain.states import (
    ENDED,
    LEGAL,
    NOT_ENDED,
    WAYS,
    IllegalStepError,
    State,
    step,
)
from tenants.models import Caisse

OPENED, TERM = date(2026, 1, 15), date(2026, 7, 15)


def facts(state: State = State.RUNNING, **otherwise: object) -> Facts:
    known: dict[str, object] = {
        "state": state,
        "mirrored": False,
        "opened_on": OPENED,
        "term": TERM,
        "last_term": last_term(opened_on=OPENED),
        "sale_from": None,
        "boni_until": None,
        "fetched": False,
        "grace": timedelta(days=90),
    }
    return Facts(**{**known, **otherwise})  # type: ignore[arg-type]  # fields of the facts


def test_the_database_knows_the_ways_of_the_table(in_alpha: Caisse) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'pawn_legal_step' "
            "AND tgrelid = 'pawn_contract'::regclass"
        )
        (written,) = cursor.fetchone() or ("",)
    pairs = {tuple(each.split(">")) for each in re.findall(r"[a-z_]+>[a-z_]+", written)}
    assert pairs == {(str(start), str(end)) for start, end in LEGAL}


def test_nothing_leaves_a_state_that_is_final() -> None:
    final = {State.BONI_CLAIMED, State.BONI_LAPSED}
    assert {way.start for way in WAYS} & final == set()
    assert {way.start for way in WAYS} | final == set(State)
    # A redemption is undone where nobody has paid it, and nothing else leads back from there.
    of_the_code = {(way.start, way.source.partition(",")[0]) for way in WAYS if "D514-" not in way.source[:5]}
    assert of_the_code == {(State.REDEEMED, "Code civil 1342")}
    assert {way.end for way in WAYS if way.start is State.REDEEMED} == NOT_ENDED


@given(start=st.sampled_from(State), end=st.sampled_from(State))
def test_a_step_is_of_the_table_or_refused(start: State, end: State) -> None:
    if (start, end) in LEGAL:
        assert step(start=start, end=end) is end
    else:
        with pytest.raises(IllegalStepError):
            step(start=start, end=end)


@given(state=st.sampled_from(State), days=st.integers(0, 800), mirrored=st.booleans())
def test_every_act_has_an_answer_on_every_day(state: State, days: int, *, mirrored: bool) -> None:
    found = possibilities(facts=facts(state, mirrored=mirrored), on=OPENED + timedelta(days=days))
    assert set(found) == set(Act)
    assert all(each.article for each in found.values())
    if mirrored:
        assert {each.why_not for each in found.values()} == {WhyNot.MIRRORED}
    if state in ENDED:
        assert not any(found[act].can for act in (Act.REDEEM, Act.PROLONG, Act.PAY_PART, Act.SELL))


@pytest.mark.parametrize(
    ("act", "known", "on", "why", "since"),
    [
        (Act.REQUEST_SALE, facts(), date(2026, 4, 14), WhyNot.TOO_EARLY, date(2026, 4, 15)),
        (Act.REQUEST_SALE, facts(), date(2026, 4, 15), None, None),
        (Act.ANNOUNCE_SALE, facts(State.DUE), date(2026, 10, 13), WhyNot.TOO_EARLY, date(2026, 10, 14)),
        (Act.ANNOUNCE_SALE, facts(State.IN_GRACE), date(2026, 10, 14), None, None),
        (Act.PROLONG, facts(term=date(2028, 1, 15)), TERM, WhyNot.AT_THE_END, None),
        (Act.PROLONG, facts(), date(2028, 1, 15), WhyNot.AT_THE_END, None),
        (Act.PROLONG, facts(State.FOR_SALE), TERM, WhyNot.ANNOUNCED, None),
        (Act.REDEEM, facts(State.FOR_SALE), TERM, None, None),
        (Act.REDEEM, facts(State.SOLD), TERM, WhyNot.SOLD, None),
        (
            Act.REDEEM,
            facts(blocks=frozenset({BlockKind.LOST_RECEIPT})),
            TERM - timedelta(days=1),
            WhyNot.LOST_RECEIPT,
            TERM,
        ),
        (Act.FETCH, facts(State.REDEEMED), TERM, None, None),
        (Act.FETCH, facts(State.REDEEMED, fetched=True), TERM, WhyNot.FETCHED, None),
        (Act.CLAIM_BONI, facts(State.SOLD), TERM, WhyNot.NO_BONI, None),
        (Act.CLAIM_BONI, facts(State.BONI_AVAILABLE, boni_until=TERM), TERM, WhyNot.BONI_LAPSED, None),
    ],
)
def test_what_can_be_done_and_why_not(
    act: Act, known: Facts, on: date, why: WhyNot | None, since: date | None
) -> None:
    found = possible(act=act, facts=known, on=on)
    assert (found.why_not, found.since) == (why, since)


@given(price=st.integers(0, 10**7), owed=st.integers(0, 10**7))
def test_a_sale_leaves_a_boni_or_a_deficit_and_never_less_than_nothing(price: int, owed: int) -> None:
    """CMF D514-3, D514-4, D514-21."""
    found = outcome_of(price=Money(price), owed=Money(owed))
    assert Money(price) == Money(owed) + found.boni - found.deficit
    assert min(found.boni, found.deficit) == ZERO


@pytest.mark.parametrize(("cents", "told"), [(1499, None), (1500, date(2026, 10, 15))])
def test_a_small_boni_needs_no_letter(cents: int, told: date | None) -> None:
    found = boni_notice_on(sold_on=TERM, months=3, boni=Money(cents), least=Money.of(15))
    assert found == told


def test_a_boni_is_kept_two_years_from_the_sale() -> None:
    assert boni_lapses_on(sold_on=date(2024, 2, 29)) == date(2026, 2, 28)
