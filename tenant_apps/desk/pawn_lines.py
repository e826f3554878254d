"""A pawn loan, what it costs and what can be done with it, as the counter is shown them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext

from guichet.kernel.formatting import NO_BREAK, Language, date_long, decimal_number, euros
from guichet.kernel.money import Money
from tenant_apps.desk import pawn_words as words
from tenant_apps.pawn.domain.law import MetalValue
from tenant_apps.pawn.domain.possible import Act, Possibility, WhyNot, possibilities
from tenant_apps.pawn.domain.states import ENDED
from tenant_apps.pawn.domain.tariffs.lines import Line
from tenant_apps.pawn.loans import debt_of, facts_of, tariff_of_contract
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.presentation import CATEGORY_LABELS
from tenant_apps.pawn.services.errors import CannotLendError, NotPossibleError
from tenant_apps.pawn.services.open_contract import Pledge
from tenant_apps.pawn.services.quote import may, quote_contract
from tenant_apps.pawn.wording import sums_offered
from tenants.policy.current import current_policy

PAGES: dict[Act, str] = {
    Act.PROLONG: "desk_contract_pay",
    Act.PAY_PART: "desk_contract_pay",
    Act.REDEEM: "desk_contract_pay",
    Act.FETCH: "desk_contract_fetch",
    Act.REQUEST_SALE: "desk_sale_announce",
    Act.ANNOUNCE_SALE: "desk_sale_announce",
    Act.WITHDRAW: "desk_sale_withdraw",
    Act.SELL: "desk_sale_record",
    Act.CLAIM_BONI: "desk_boni",
    Act.EXTRA_TIME: "desk_extra_time",
}


QUERIES: dict[Act, str] = {
    Act.PROLONG: "?choix=prolong",
    Act.PAY_PART: "?choix=part",
    Act.REDEEM: "?choix=redeem",
    Act.REQUEST_SALE: "?demande=1",
}
_PAYMENTS = (Act.PROLONG, Act.PAY_PART, Act.REDEEM)


@dataclass(frozen=True, slots=True)
class SumLine:
    label: str | Promise
    amount: Money


@dataclass(frozen=True, slots=True)
class ActLine:
    """`page`: the name of its address. `why_not`: empty where it can be done. `query`: what its form begins with."""

    label: str | Promise
    page: str
    why_not: str
    query: str = ""


def act_lines(*, contract: Contract, on: date) -> list[ActLine]:
    """What can be done first; then the payments that cannot be made, and what only time is missing to."""
    facts = facts_of(contract=contract, on=on, policy=current_policy())
    found = [
        each
        for each in possibilities(facts=facts, on=on).values()
        if each.can or (facts.state not in ENDED and (each.act in _PAYMENTS or each.since))
    ]
    lines = [
        ActLine(words.ACTS[each.act], PAGES[each.act], _why_not(each), QUERIES.get(each.act, ""))
        for each in found
    ]
    return sorted(lines, key=lambda line: bool(line.why_not))


def _why_not(found: Possibility) -> str:
    if found.why_not is None:
        return ""
    return refusal_in_words(NotPossibleError(found.why_not, since=found.since))


def refusal_in_words(error: NotPossibleError) -> str:
    said = str(words.WHY_NOT[error.why])
    if error.most is not None:
        said = said % {"most": _euros(error.most)}
    if error.why is WhyNot.FOLLOWED and error.followed is not None:
        said = said % {"followed": words.OPERATIONS[error.followed]}
    if error.until is not None:
        return gettext("%(why)s Au plus tard le %(day)s.") % {"why": said, "day": _day(error.until)}
    if error.since is None:
        return said
    return gettext("%(why)s Possible dès le %(day)s.") % {"why": said, "day": _day(error.since)}


def refused_loan_in_words(error: CannotLendError) -> str:
    said = str(words.WHY_NOT_LENT[error.why])
    named = {"most": _euros(error.most)} if error.most is not None else {}
    if error.least is not None and error.greatest is not None and error.step is not None:
        named["offered"] = sums_offered(least=error.least, greatest=error.greatest, step=error.step)
    return said % named


def sum_lines(*, lines: Sequence[Line]) -> list[SumLine]:
    """What a quote is made of; what comes to nothing is left out."""
    return [
        SumLine(words.part_label(part=each.kind.value, act=each.act), each.amount)
        for each in lines
        if each.amount
    ]


@dataclass(frozen=True, slots=True)
class PaymentOffer:
    """`value`: what the form says of it; `why_not`: empty where it can be paid. `is_free`: nothing changes hands."""

    value: str
    label: str
    why_not: str
    is_free: bool = False


def payment_offers(*, contract: Contract, on: date) -> list[PaymentOffer]:
    """Redeeming, each prolongation of the contract's tariff, a part: with its price, or why not."""
    found = [_offer(contract, on, Act.REDEEM, None)]
    offered = () if contract.mirrored else _months(contract)
    found += [_offer(contract, on, Act.PROLONG, months) for months in offered]
    part = may(contract=contract, act=Act.PAY_PART, on=on)
    found.append(PaymentOffer("part", gettext("Payer une partie"), _why_not(part)))
    return found


def _months(contract: Contract) -> tuple[int, ...]:
    return tuple(sorted(tariff_of_contract(contract=contract).document.prolongation.months))


def _offer(contract: Contract, on: date, act: Act, months: int | None) -> PaymentOffer:
    value, label = "redeem", gettext("Rembourser tout")
    if months is not None:
        value = f"prolong-{months}"
        label = gettext("Prolonger de %(months)s") % {"months": months_in_words(months)}
    try:
        quote = quote_contract(contract=contract, act=act, on=on, months=months)
    except NotPossibleError as error:
        return PaymentOffer(value, label, refusal_in_words(error))
    priced = gettext("%(what)s : %(sum)s") % {"what": label, "sum": _euros(quote.total)}
    if quote.until is not None:
        priced = gettext("%(priced)s, jusqu’au %(day)s") % {"priced": priced, "day": _day(quote.until)}
    return PaymentOffer(value, priced, "", is_free=not quote.total)


def why_not_now(*, contract: Contract, acts: Sequence[Act], on: date) -> str:
    """Why none of these acts can be done; empty where one can."""
    found = [may(contract=contract, act=act, on=on) for act in acts]
    if any(each.can for each in found) or not found:
        return ""
    return _why_not(found[0])


def percent_in_words(rate: Decimal) -> str:
    return f"{decimal_number(rate, _language())}{NO_BREAK}%"


def months_in_words(months: int) -> str:
    return ngettext("%(count)s mois", "%(count)s mois", months) % {"count": months}


@dataclass(frozen=True, slots=True)
class ObjectLine:
    """An object that is about to be pledged, and the most that the law lets be lent on it."""

    category: str | Promise
    description: str
    appraisal: Money
    most: Money
    basis: str


def object_lines(
    *, pledges: Sequence[Pledge], ceilings: Sequence[Money], values: Sequence[MetalValue | None]
) -> list[ObjectLine]:
    """`values`: by weight, where the maximum comes from it."""
    return [
        ObjectLine(
            CATEGORY_LABELS[each.category],
            each.description,
            each.appraisal,
            most,
            _basis(each, value),
        )
        for each, most, value in zip(pledges, ceilings, values, strict=True)
    ]


def _basis(pledge: Pledge, value: MetalValue | None) -> str:
    """Where the maximum comes from, with the price that was used (CMF D514-8)."""
    if value is None:
        return gettext("les deux tiers de l’estimation")
    said = {
        "metal": str(words.METALS[pledge.metal]).lower(),
        "grams": decimal_number(value.grams, _language()),
        "fineness": value.fineness,
        "price": _euros(Money.rounded(value.price)),
    }
    return (
        gettext(
            "les quatre cinquièmes du poids : %(grams)s g (%(metal)s) à %(fineness)s millièmes, "
            "à %(price)s le gramme pur"
        )
        % said
    )


def debt_lines(*, contract: Contract, on: date) -> list[SumLine]:
    found = debt_of(contract=contract, on=on)
    return sum_lines(lines=found.lines) if found else []


def _euros(amount: Money) -> str:
    return euros(amount, _language())


def _day(day: date) -> str:
    return date_long(day, _language())


def _language() -> Language:
    return "en" if get_language() == "en" else "fr"
