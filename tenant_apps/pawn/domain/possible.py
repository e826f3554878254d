"""What can be done with a contract on a day, and why not when it cannot. Words are made by the screens."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from tenant_apps.pawn.domain.law import new_goods_from, request_from
from tenant_apps.pawn.domain.states import ENDED, State


class Act(StrEnum):
    PROLONG = "prolong"
    PAY_PART = "pay_part"
    REDEEM = "redeem"
    FETCH = "fetch"
    REQUEST_SALE = "request_sale"
    ANNOUNCE_SALE = "announce_sale"
    WITHDRAW = "withdraw"
    SELL = "sell"
    CLAIM_BONI = "claim_boni"
    EXTRA_TIME = "extra_time"


class WhyNot(StrEnum):
    MIRRORED = "mirrored"
    """It is in the caisse's own system, which alone may change it."""
    REDEEMED = "redeemed"
    SOLD = "sold"
    ANNOUNCED = "announced"
    """Its sale is announced: only redeeming is left, until it is withdrawn."""
    LOST_RECEIPT = "lost_receipt"
    """The object comes back at term, the boni against a surety (D514-10, D514-11)."""
    CLAIMED_BY_OTHER = "claimed_by_other"
    """Somebody says that it was stolen: the object stays under seal (D514-22)."""
    TOO_EARLY = "too_early"
    """`since` says from when."""
    TOO_FAR = "too_far"
    """`until` says up to when."""
    EXTRA_TIME = "extra_time"
    """The director has given more time, until the day before `since` (D514-14)."""
    NEW_GOODS = "new_goods"
    """They are sold at no earlier day than after the term: `since` (D514-15)."""
    NOT_ANNOUNCED = "not_announced"
    NOTHING_TO_FETCH = "nothing_to_fetch"
    FETCHED = "fetched"
    NO_BONI = "no_boni"
    BONI_CLAIMED = "boni_claimed"
    BONI_LAPSED = "boni_lapsed"
    AT_THE_END = "at_the_end"
    """No term may be later: a renewal needs a new appraisal at the agency (D514-7)."""
    OUT_OF_BOUNDS = "out_of_bounds"
    """More time than the caisse gives at once, or none that the contract would not have anyway."""
    # As the tariff refuses them.
    MONTHS_NOT_OFFERED = "months_not_offered"
    BEYOND_TWO_YEARS = "beyond_two_years"
    NOT_LATER = "not_later"
    OUT_OF_ORDER = "out_of_order"
    BELOW_CHARGES = "below_charges"
    REDEEMS = "redeems"
    WRONG_AMOUNT = "wrong_amount"
    """What was received is not what is due on that day."""
    NO_REASON = "no_reason"
    """What was said is no reason for this act."""
    NOTHING_BLOCKS = "nothing_blocks"
    """There is no such block to lift."""
    NOT_PRICED = "not_priced"
    """The tariff of the contract has no such fee."""
    NOT_SOLD = "not_sold"
    SALE_TOLD = "sale_told"
    """The client has been told what the sale brought."""
    CORRECTION_CLOSED = "correction_closed"
    """The client reads it as it is by now, told or not."""
    SAME_PRICE = "same_price"
    PRICE_CHANGED = "price_changed"
    """A colleague has corrected it since it was read."""
    BONI_CHANGED = "boni_changed"
    """What was shown is not what is left now."""
    NO_SUCH_FEE = "no_such_fee"
    """None of that name is due: paid already, or not counted any more."""
    DISPUTED = "disputed"
    """The bank of whoever paid wants a payment of it back, or has it: the accountants have their word to say."""
    NOT_A_PAYMENT = "not_a_payment"
    """There is nothing in it that could be taken back."""
    TAKEN_BACK = "taken_back"
    FOLLOWED = "followed"
    """Something was done since, which rests on that payment."""
    OBJECT_GONE = "object_gone"
    TILL_CLOSED = "till_closed"
    """The day of the payment is over, and its till with it."""
    NOT_LOST = "not_lost"
    """No bank has it back."""
    LOST_IN_PART = "lost_in_part"
    """The bank has back less than was paid for this contract."""
    TOO_MUCH_CASH = "too_much_cash"
    """More than may change hands in cash (CMF L112-6 II bis, D112-3 II)."""


class BlockKind(StrEnum):
    LOST_RECEIPT = "lost_receipt"
    CLAIMED_BY_OTHER = "claimed_by_other"


ARTICLES: dict[Act, str] = {
    Act.PROLONG: "D514-7",
    Act.PAY_PART: "D514-7",
    Act.REDEEM: "D514-7",
    Act.FETCH: "D514-10",
    Act.REQUEST_SALE: "D514-15",
    Act.ANNOUNCE_SALE: "D514-14",
    Act.WITHDRAW: "D514-14",
    Act.SELL: "D514-16",
    Act.CLAIM_BONI: "D514-21",
    Act.EXTRA_TIME: "D514-14",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a contract on the day that is asked about; `state` as the calendar has it that day."""

    state: State
    mirrored: bool
    opened_on: date
    term: date
    last_term: date
    sale_from: date | None
    """Announced: the day from which it may be sold."""
    boni_until: date | None
    """The first day on which the boni is no more."""
    fetched: bool
    grace: timedelta
    """How long after its term the caisse waits before it announces a sale."""
    extra_until: date | None = None
    """The last day of the time that the director has given."""
    new_goods: bool = False
    """Whether one of its objects is new."""
    blocks: frozenset[BlockKind] = field(default_factory=frozenset)

    @property
    def waits_until(self) -> date:
        """The last day on which the caisse may not announce a sale of its own accord."""
        grace = self.term + self.grace
        return max(grace, self.extra_until) if self.extra_until else grace


@dataclass(frozen=True, slots=True)
class Possibility:
    """`why_not`: None when it can be done. `since`: where only time is missing, from when it can."""

    act: Act
    why_not: WhyNot | None = None
    since: date | None = None

    @property
    def can(self) -> bool:
        return self.why_not is None

    @property
    def article(self) -> str:
        return ARTICLES[self.act]


def possible(*, act: Act, facts: Facts, on: date) -> Possibility:
    """Whether the law and the state let it be done; the tariff may refuse more."""
    if facts.mirrored:
        return Possibility(act, WhyNot.MIRRORED)
    return _ASKED[act](facts, on)


def possibilities(*, facts: Facts, on: date) -> dict[Act, Possibility]:
    return {act: possible(act=act, facts=facts, on=on) for act in Act}


def _ended(facts: Facts) -> WhyNot | None:
    if facts.state not in ENDED:
        return None
    return WhyNot.REDEEMED if facts.state is State.REDEEMED else WhyNot.SOLD


def _prolong(facts: Facts, on: date) -> Possibility:
    why = _ended(facts) or (WhyNot.ANNOUNCED if facts.state is State.FOR_SALE else None)
    if why is None and facts.last_term <= max(facts.term, on):
        why = WhyNot.AT_THE_END
    return Possibility(Act.PROLONG, why)


def _pay_part(facts: Facts, on: date) -> Possibility:
    why = _ended(facts) or (WhyNot.ANNOUNCED if facts.state is State.FOR_SALE else None)
    return Possibility(Act.PAY_PART, why)


def _redeem(facts: Facts, on: date) -> Possibility:
    if why := _ended(facts):
        return Possibility(Act.REDEEM, why)
    if BlockKind.CLAIMED_BY_OTHER in facts.blocks:
        return Possibility(Act.REDEEM, WhyNot.CLAIMED_BY_OTHER)
    if BlockKind.LOST_RECEIPT in facts.blocks and on < facts.term:
        return Possibility(Act.REDEEM, WhyNot.LOST_RECEIPT, facts.term)
    return Possibility(Act.REDEEM)


def _fetch(facts: Facts, on: date) -> Possibility:
    if facts.state is not State.REDEEMED:
        return Possibility(Act.FETCH, WhyNot.NOTHING_TO_FETCH)
    if facts.fetched:
        return Possibility(Act.FETCH, WhyNot.FETCHED)
    if BlockKind.CLAIMED_BY_OTHER in facts.blocks:
        return Possibility(Act.FETCH, WhyNot.CLAIMED_BY_OTHER)
    if BlockKind.LOST_RECEIPT in facts.blocks and on < facts.term:
        return Possibility(Act.FETCH, WhyNot.LOST_RECEIPT, facts.term)
    return Possibility(Act.FETCH)


def _to_sale(act: Act, facts: Facts, on: date, since: date) -> Possibility:
    if why := _ended(facts):
        return Possibility(act, why)
    if facts.state is State.FOR_SALE:
        return Possibility(act, WhyNot.ANNOUNCED)
    if BlockKind.CLAIMED_BY_OTHER in facts.blocks:
        return Possibility(act, WhyNot.CLAIMED_BY_OTHER)
    return Possibility(act, WhyNot.TOO_EARLY, since) if on < since else Possibility(act)


def _request_sale(facts: Facts, on: date) -> Possibility:
    if BlockKind.LOST_RECEIPT in facts.blocks and facts.state not in ENDED:
        return Possibility(Act.REQUEST_SALE, WhyNot.LOST_RECEIPT)
    found = _to_sale(Act.REQUEST_SALE, facts, on, request_from(opened_on=facts.opened_on))
    after_term = new_goods_from(term=facts.term)
    if facts.new_goods and on < after_term and found.why_not in (None, WhyNot.TOO_EARLY):
        return Possibility(Act.REQUEST_SALE, WhyNot.NEW_GOODS, after_term)
    return found


def _announce_sale(facts: Facts, on: date) -> Possibility:
    found = _to_sale(Act.ANNOUNCE_SALE, facts, on, facts.waits_until + timedelta(days=1))
    if found.why_not is WhyNot.TOO_EARLY and on > facts.term + facts.grace:
        return Possibility(Act.ANNOUNCE_SALE, WhyNot.EXTRA_TIME, found.since)
    return found


def _extra_time(facts: Facts, on: date) -> Possibility:
    """For what was neither redeemed nor prolonged when its term came."""
    why = _ended(facts) or (WhyNot.ANNOUNCED if facts.state is State.FOR_SALE else None)
    if why is None and on < facts.term:
        return Possibility(Act.EXTRA_TIME, WhyNot.TOO_EARLY, facts.term)
    return Possibility(Act.EXTRA_TIME, why)


def _withdraw(facts: Facts, on: date) -> Possibility:
    why = _ended(facts) or (None if facts.state is State.FOR_SALE else WhyNot.NOT_ANNOUNCED)
    return Possibility(Act.WITHDRAW, why)


def _sell(facts: Facts, on: date) -> Possibility:
    if why := _ended(facts):
        return Possibility(Act.SELL, why)
    if facts.state is not State.FOR_SALE or facts.sale_from is None:
        return Possibility(Act.SELL, WhyNot.NOT_ANNOUNCED)
    if BlockKind.CLAIMED_BY_OTHER in facts.blocks:
        return Possibility(Act.SELL, WhyNot.CLAIMED_BY_OTHER)
    if on < facts.sale_from:
        return Possibility(Act.SELL, WhyNot.TOO_EARLY, facts.sale_from)
    return Possibility(Act.SELL)


_NO_BONI = {State.BONI_CLAIMED: WhyNot.BONI_CLAIMED, State.BONI_LAPSED: WhyNot.BONI_LAPSED}


def _claim_boni(facts: Facts, on: date) -> Possibility:
    """A lost receipt asks for a surety, which the agency takes: it is no refusal (D514-11)."""
    if facts.state is not State.BONI_AVAILABLE:
        return Possibility(Act.CLAIM_BONI, _NO_BONI.get(facts.state, WhyNot.NO_BONI))
    if facts.boni_until is not None and on >= facts.boni_until:
        return Possibility(Act.CLAIM_BONI, WhyNot.BONI_LAPSED)
    if BlockKind.CLAIMED_BY_OTHER in facts.blocks:
        return Possibility(Act.CLAIM_BONI, WhyNot.CLAIMED_BY_OTHER)
    return Possibility(Act.CLAIM_BONI)


_ASKED = {
    Act.PROLONG: _prolong,
    Act.PAY_PART: _pay_part,
    Act.REDEEM: _redeem,
    Act.FETCH: _fetch,
    Act.REQUEST_SALE: _request_sale,
    Act.ANNOUNCE_SALE: _announce_sale,
    Act.WITHDRAW: _withdraw,
    Act.SELL: _sell,
    Act.CLAIM_BONI: _claim_boni,
    Act.EXTRA_TIME: _extra_time,
}
