"""Prolonging, paying part, redeeming, selling: each once, at the sum of the day, only where the law lets it."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from guichet.kernel.money import Money
from tenant_apps.journal.models import Event
from tenant_apps.pawn.domain.possible import Act, BlockKind, WhyNot
from tenant_apps.pawn.history import history
from tenant_apps.pawn.models import Contract, Notice
from tenant_apps.pawn.selectors import contract_of_caisse
from tenant_apps.pawn.services.block_contract import block_contract, unblock_contract
from tenant_apps.pawn.services.correct_sale import why_not_correct
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.fetch_object import fetch_object, who_fetched
from tenant_apps.pawn.services.keep_dates import keep_dates
from tenant_apps.pawn.services.note_notice import note_notice
from tenant_apps.pawn.services.pay_out_boni import boni_left, pay_out_boni
from tenant_apps.pawn.services.record_sale import record_sale
from tenant_apps.pawn.services.withdraw_from_sale import withdraw_from_sale
from tests.pawn.loans.lending import (
    START,
    TERM,
    announce,
    asked,
    card,
    fresh,
    noon,
    parts,
    pay_down,
    price,
    prolong,
    redeem,
    sell,
)

# Beyond the term and the ninety days of grace.
LATE = TERM + timedelta(days=91)
SALE = LATE + timedelta(days=15)


def why(act: Any, *given: Any, **otherwise: Any) -> NotPossibleError:
    with pytest.raises(NotPossibleError) as caught:
        act(*given, **otherwise)
    return caught.value


def night(day: date) -> int:
    return keep_dates(on=day, now=noon(day), limit=100)


def sold(contract: Contract, hammer: int) -> Contract:
    announce(contract, LATE, SALE)
    sell(contract, SALE, hammer)
    return fresh(contract)


def pay_boni(contract: Contract, on: date, *, surety: bool = False) -> Any:
    """The sum as the page says it."""
    sale = getattr(fresh(contract), "sale", None)
    left = boni_left(contract=fresh(contract)) if sale else Money()
    return pay_out_boni(contract=contract, document="passport", surety=surety, left=left, **asked(on))


def block(contract: Contract, kind: BlockKind, on: date = START) -> Any:
    return block_contract(contract=contract, kind=kind, reason="other: essai", **asked(on))


def unblock(contract: Contract, kind: BlockKind, on: date = START) -> Any:
    return unblock_contract(contract=contract, kind=kind, reason="other: essai", **asked(on))


def fetch(contract: Contract, on: date) -> Any:
    return fetch_object(contract=contract, name="Anne Alpha", document="passport", **asked(on))


def test_redeeming_at_term_pays_capital_interest_and_fee_to_the_cent(contract: Contract) -> None:
    done = redeem(contract, TERM)
    assert parts(done.operation) == [
        ("capital", "1000.00"),
        ("interest", "49.20"),
        ("fixed_fee", "10.00"),
    ]
    assert (done.operation.amount, fresh(contract).state) == (Money.of("1059.20"), "redeemed")
    assert fresh(contract).capital == Money()
    assert Event.objects.get(kind="pawn.redeemed").details["operation"] == str(done.operation.uuid)


def test_prolonging_pays_the_charges_and_moves_the_term(contract: Contract) -> None:
    done = prolong(contract, TERM)
    assert (done.operation.amount, done.operation.capital) == (Money.of("59.20"), Money())
    assert (done.operation.term_before, done.operation.term_after) == (TERM, date(2027, 1, 15))
    assert (fresh(contract).due_on, fresh(contract).state) == (date(2027, 1, 15), "running")


def test_a_late_contract_runs_again_once_prolonged(contract: Contract) -> None:
    late = TERM + timedelta(days=20)
    night(late)
    assert fresh(contract).state == "in_grace"
    prolong(contract, late)
    assert fresh(contract).state == "running"


def test_prolonging_ends_two_years_after_the_loan(contract: Contract) -> None:
    """CMF D514-7."""
    day = TERM
    for _ in range(3):
        prolong(contract, day)
        day = fresh(contract).due_on
    assert day == date(2028, 1, 15)
    assert why(price, contract, Act.PROLONG, day, months=6).why is WhyNot.AT_THE_END


def test_paying_part_pays_the_charges_first_then_the_capital(contract: Contract) -> None:
    """Code civil 1343-1."""
    done = pay_down(contract, date(2026, 2, 15), "218.20")
    assert parts(done.operation) == [("interest", "8.20"), ("fixed_fee", "10.00"), ("capital", "200.00")]
    assert fresh(contract).capital == Money.of(800)
    assert price(contract, Act.REDEEM, TERM) == Money.of("832.80")


@pytest.mark.parametrize(("paid", "reason"), [("18.20", WhyNot.BELOW_CHARGES), ("1018.20", WhyNot.REDEEMS)])
def test_a_part_is_more_than_the_charges_and_less_than_everything(
    contract: Contract, paid: str, reason: WhyNot
) -> None:
    assert why(pay_down, contract, date(2026, 2, 15), paid).why is reason


def test_money_that_is_not_the_sum_of_the_day_is_not_applied(contract: Contract) -> None:
    paid = price(contract, Act.REDEEM, TERM)
    error = why(redeem, contract, TERM + timedelta(days=1), paid=paid)
    assert (error.why, fresh(contract).state) == (WhyNot.WRONG_AMOUNT, "running")
    assert error.due == price(contract, Act.REDEEM, TERM + timedelta(days=1)) > paid


def test_the_same_act_again_answers_as_before_and_another_content_is_refused(contract: Contract) -> None:
    form, other = uuid.uuid4(), uuid.uuid4()
    first = redeem(contract, TERM, operation=form)
    again = redeem(contract, TERM, operation=form, paid=Money.of("1059.20"))
    assert (first.operation, again.replayed) == (again.operation, True)
    assert fresh(contract).operations.filter(kind="redeemed").count() == 1
    with pytest.raises(OperationReusedError):
        redeem(contract, TERM, operation=form, paid=Money.of("1059.21"))
    assert why(redeem, contract, TERM, operation=other, paid=Money.of("1059.20")).why is WhyNot.REDEEMED


def test_a_card_that_was_charged_before_what_was_paid_meanwhile_comes_too_late(contract: Contract) -> None:
    pay_down(contract, date(2026, 3, 1), "300.00")
    error = why(redeem, contract, date(2026, 2, 28), origin=card(), paid=Money.of(1000))
    assert error.why is WhyNot.OUT_OF_ORDER


def test_what_is_redeemed_is_handed_over_once_to_somebody_who_is_sealed(contract: Contract) -> None:
    assert why(fetch, contract, TERM).why is WhyNot.NOTHING_TO_FETCH
    redeem(contract, TERM)
    done = fetch(contract, TERM)
    assert b"Anne" not in bytes(done.contract.handover.who_sealed)
    assert who_fetched(handover=done.contract.handover) == ("Anne Alpha", "passport")
    assert why(fetch, contract, TERM).why is WhyNot.FETCHED


def test_the_calendar_moves_a_contract_day_by_day_and_twice_harmlessly(contract: Contract) -> None:
    assert night(TERM) == 0
    seen = []
    for days in (1, 15, 16):
        night(TERM + timedelta(days=days))
        assert night(TERM + timedelta(days=days)) == 0
        seen.append(fresh(contract).state)
    assert seen == ["due", "due", "in_grace"]
    assert Event.objects.filter(kind__in=["pawn.due", "pawn.in_grace"]).count() == 2


def test_nights_that_were_missed_are_caught_up_step_by_step(contract: Contract) -> None:
    night(LATE)
    assert fresh(contract).state == "in_grace"
    assert list(
        Event.objects.filter(kind__startswith="pawn.").order_by("id").values_list("kind", flat=True)
    ) == [
        "pawn.opened",
        "pawn.due",
        "pawn.in_grace",
    ]


def test_a_sale_is_announced_after_the_grace_and_long_enough_before(contract: Contract) -> None:
    """CMF D514-14 and D514-16; this caisse gives fifteen days."""
    early = why(announce, contract, TERM + timedelta(days=90), SALE)
    assert (early.why, early.since) == (WhyNot.TOO_EARLY, LATE)
    near = why(announce, contract, LATE, LATE + timedelta(days=14))
    assert (near.why, near.since) == (WhyNot.TOO_EARLY, SALE)
    last = LATE + timedelta(days=180)
    for beyond in (last + timedelta(days=1), date(2150, 1, 1)):
        far = why(announce, contract, LATE, beyond)
        assert (far.why, far.until) == (WhyNot.TOO_FAR, last)
    announce(contract, LATE, SALE)
    assert (fresh(contract).state, fresh(contract).sale_on) == ("for_sale", SALE)
    assert not contract.charges.exists()


def test_the_client_may_ask_for_the_sale_after_three_months(contract: Contract) -> None:
    """CMF D514-15."""
    april = date(2026, 4, 15)
    early = why(announce, contract, april - timedelta(days=1), TERM, requested=True)
    assert (early.why, early.since) == (WhyNot.TOO_EARLY, april)
    announce(contract, april, TERM, requested=True)
    sell(contract, TERM, 2000)
    assert "requested_sale" in [act for act, _ in parts(contract.operations.get(kind="sold"))]


def test_an_announced_contract_is_still_redeemed_for_more(contract: Contract) -> None:
    """Until the hammer falls; the tariff takes 7 % for stopping the sale."""
    before = price(contract, Act.REDEEM, LATE)
    announce(contract, LATE, SALE)
    assert price(contract, Act.REDEEM, LATE) == before + Money.of(70)
    assert why(price, contract, Act.PROLONG, LATE, months=6).why is WhyNot.ANNOUNCED
    redeem(contract, LATE)
    assert fresh(contract).state == "redeemed"


@pytest.mark.parametrize(("charged", "acts"), [(True, ["sale_withdrawal"]), (False, [])])
def test_a_contract_withdrawn_from_sale_stands_where_the_calendar_says(
    contract: Contract, acts: list[str], *, charged: bool
) -> None:
    announce(contract, LATE, SALE)
    withdraw_from_sale(contract=contract, charged=charged, **asked(LATE))
    assert (fresh(contract).state, fresh(contract).sale_on) == ("in_grace", None)
    assert [each.act for each in contract.charges.order_by("id")] == acts
    announce(contract, LATE, SALE)


def test_a_sale_pays_the_debt_and_leaves_the_rest_to_the_client(contract: Contract) -> None:
    """Until 29 October: ten months begun at 8,20, the fee, 2 % of penalty, 5 % for the sale."""
    contract = sold(contract, 1500)
    sale = contract.sale
    assert parts(sale.operation) == [
        ("capital", "1000.00"),
        ("interest", "82.00"),
        ("fixed_fee", "10.00"),
        ("penalty", "20.00"),
        ("sale_preparation", "50.00"),
        ("boni", "338.00"),
    ]
    assert (contract.state, sale.boni, sale.deficit, sale.costs) == (
        "boni_available",
        Money.of(338),
        Money(),
        Money.of(50),
    )
    assert (sale.notice_on, sale.lapses_on) == (date(2027, 1, 29), date(2028, 10, 29))


def test_a_deficit_is_nobodys_debt(contract: Contract) -> None:
    """CMF D514-3 and D514-4."""
    contract = sold(contract, 700)
    assert (contract.state, contract.capital) == ("sold", Money())
    assert (contract.sale.boni, contract.sale.deficit) == (Money(), Money.of(462))
    assert why(redeem, contract, SALE, paid=Money.of(465)).why is WhyNot.SOLD
    assert why(pay_boni, contract, SALE).why is WhyNot.NO_BONI


def test_nothing_is_sold_before_the_day_that_was_announced_nor_twice(contract: Contract) -> None:
    assert why(sell, contract, SALE, 900).why is WhyNot.NOT_ANNOUNCED
    announce(contract, LATE, SALE)
    early = why(sell, contract, SALE - timedelta(days=1), 900)
    assert (early.why, early.since) == (WhyNot.TOO_EARLY, SALE)
    sell(contract, SALE, 900)
    assert why(sell, contract, SALE, 900).why is WhyNot.SOLD


@pytest.mark.parametrize(("hammer", "notice"), [(1176, None), (1177, date(2027, 1, 29))])
def test_a_boni_of_fifteen_euros_is_worth_a_letter(
    contract: Contract, hammer: int, notice: date | None
) -> None:
    """CMF D514-21."""
    assert sold(contract, hammer).sale.notice_on == notice


def test_a_boni_is_paid_once_less_the_postage(contract: Contract) -> None:
    contract = sold(contract, 1500)
    told: dict[str, Any] = {
        "kind": Notice.Kind.BONI,
        "about": SALE,
        "channel": "letter",
        "message": None,
        "charged": True,
    }
    later = SALE + timedelta(days=92)
    assert note_notice(contract=contract, on=later, now=noon(later), **told)
    assert not note_notice(contract=contract, on=later, now=noon(later), **told)
    done = pay_boni(contract, later)
    assert (done.operation.amount, parts(done.operation)) == (
        Money.of(335),
        [("boni", "338.00"), ("boni_notice", "-3.00")],
    )
    assert why(pay_boni, contract, later).why is WhyNot.BONI_CLAIMED


def test_two_years_after_the_sale_the_boni_is_the_caisses(contract: Contract) -> None:
    """CMF D514-21: from the sale, whatever was written since."""
    contract = sold(contract, 1500)
    lapses = date(2028, 10, 29)
    assert night(lapses - timedelta(days=1)) == 0
    assert why(pay_boni, contract, lapses).why is WhyNot.BONI_LAPSED
    assert (night(lapses), night(lapses)) == (1, 0)
    assert fresh(contract).state == "boni_lapsed"
    lapsed = contract.operations.get(kind="boni_lapsed")
    assert (lapsed.amount, parts(lapsed)) == (Money.of(338), [("boni", "338.00")])
    *others, opened = history(contract=contract_of_caisse(uuid=contract.uuid))
    assert (opened.amount, {each.amount for each in others}) == (Money.of(1000), {None})


@pytest.mark.parametrize(("hammer", "reason"), [(1500, WhyNot.BONI_LAPSED), (1100, WhyNot.CORRECTION_CLOSED)])
def test_a_sale_written_when_its_boni_has_lapsed_is_not_corrected(
    contract: Contract, hammer: int, reason: WhyNot
) -> None:
    """Not even on the day that somebody wrote it: a correction would move what is the caisse's already."""
    lapses = date(2028, 10, 29)
    announce(contract, LATE, SALE)
    record_sale(contract=contract, hammer_price=Money.of(hammer), **asked(SALE, now=noon(lapses)))
    found = fresh(contract)
    assert why_not_correct(contract=found, on=lapses - timedelta(days=1)) is None
    assert why_not_correct(contract=found, on=lapses) is reason


def test_a_lost_receipt_keeps_the_object_until_the_term_and_the_boni_until_a_surety(
    contract: Contract,
) -> None:
    """CMF D514-10 and D514-11."""
    block(contract, BlockKind.LOST_RECEIPT)
    early = why(price, contract, Act.REDEEM, TERM - timedelta(days=1))
    assert (early.why, early.since) == (WhyNot.LOST_RECEIPT, TERM)
    assert price(contract, Act.REDEEM, TERM) == Money.of("1068.70")
    contract = sold(contract, 1500)
    assert why(pay_boni, contract, SALE).why is WhyNot.LOST_RECEIPT
    assert pay_boni(contract, SALE, surety=True).contract.state == "boni_claimed"


def test_what_somebody_else_claims_is_neither_redeemed_nor_sold_until_that_is_lifted(
    contract: Contract,
) -> None:
    """CMF D514-22."""
    block(contract, BlockKind.CLAIMED_BY_OTHER)
    assert why(price, contract, Act.REDEEM, TERM).why is WhyNot.CLAIMED_BY_OTHER
    assert why(announce, contract, LATE, SALE).why is WhyNot.CLAIMED_BY_OTHER
    assert price(contract, Act.PROLONG, TERM, months=6) == Money.of("59.20")
    unblock(contract, BlockKind.CLAIMED_BY_OTHER)
    assert redeem(contract, TERM).contract.state == "redeemed"


def test_a_block_is_charged_once_and_may_come_back(contract: Contract) -> None:
    for _ in range(2):
        block(contract, BlockKind.LOST_RECEIPT)
    assert contract.charges.filter(act="lost_receipt").count() == 1
    unblock(contract, BlockKind.LOST_RECEIPT)
    block(contract, BlockKind.LOST_RECEIPT)
    assert contract.blocks.count() == 2


def test_a_mirrored_contract_is_read_and_nothing_else(contract: Contract) -> None:
    mirrored = Contract.objects.get(tariff=None)
    for act in (Act.REDEEM, Act.PROLONG, Act.PAY_PART):
        assert why(price, mirrored, act, TERM).why is WhyNot.MIRRORED
    assert why(block, mirrored, BlockKind.LOST_RECEIPT).why is WhyNot.MIRRORED
    assert night(date(2030, 1, 1)) == 1
