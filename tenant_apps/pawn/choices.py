"""What a client may do now with a contract, at what price, and why not when not."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext, ngettext

from guichet.kernel.money import ZERO, Money
from guichet.web.templatetags.guichet import date_long, euros
from tenant_apps.pawn.domain.possible import Act, WhyNot
from tenant_apps.pawn.domain.states import ENDED
from tenant_apps.pawn.effects import Effect, effect_of, shares_of
from tenant_apps.pawn.explain import Explained, explained
from tenant_apps.pawn.loans import debt_of, tariff_of_contract
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.quote import may, quote_contract
from tenant_apps.pawn.wording import for_months, refusal_in_words, why_not_in_words
from tenants.policy.current import current_policy

PART, REDEEM = "part", "redeem"
CENT = Money.of("0.01")
PROLONG = "prolong:"
_BLOCKED = (WhyNot.LOST_RECEIPT, WhyNot.CLAIMED_BY_OTHER)


def prolong_act(*, months: int) -> str:
    return f"{PROLONG}{months}"


def months_of(act: str) -> int | None:
    """Of `prolong:6`."""
    months = act.removeprefix(PROLONG)
    return int(months) if act.startswith(PROLONG) and months.isascii() and months.isdigit() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something to pay for. `price`: None where the client says how much, from `least` on and less than `below`.

    `charges`: of a part, what goes to interest and fees first.
    """

    act: str
    title: str
    text: str
    until: date | None = None
    price: Money | None = None
    least: Money | None = None
    below: Money | None = None
    charges: Money = ZERO
    effect: Effect | None = None
    shares: tuple[tuple[str, Money], ...] = ()
    """What its price is made of, a name each; empty where that is one thing alone. `lines`: how each is found."""
    lines: tuple[Explained, ...] = ()
    # Whether a card pays it by itself: its sum may be too small, but for a basket.
    alone: bool = True

    @property
    def months(self) -> int | None:
        """Of a prolongation."""
        return months_of(self.act)

    @property
    def free(self) -> bool:
        """Nothing to pay: it is confirmed, and needs no card."""
        return self.price == ZERO

    @property
    def later(self) -> str:
        """What costs nothing today, and makes the debt grow at once; empty where it costs nothing at all."""
        if not self.free or self.effect is None or not self.effect.added:
            return ""
        said = {"today": euros(ZERO), "added": euros(self.effect.added)}
        return gettext("%(today)s aujourd’hui, %(added)s ajoutés à votre dette") % said

    @property
    def label(self) -> str:
        """With its price, and its new term, for a choice."""
        if self.until is not None and self.free:
            said = {"title": self.title, "day": date_long(self.until), "sum": self.later}
            if self.later:
                return gettext("%(title)s, jusqu’au %(day)s : %(sum)s") % said
            return gettext("%(title)s, jusqu’au %(day)s : gratuit") % said
        if self.until is not None and self.price is not None:
            said = {"title": self.title, "day": date_long(self.until), "sum": euros(self.price)}
            return gettext("%(title)s, jusqu’au %(day)s : %(sum)s") % said
        if self.price is None:
            return self.title
        return gettext("%(title)s : %(sum)s") % {"title": self.title, "sum": euros(self.price)}


@dataclass(frozen=True, slots=True)
class Closed:
    """Something that cannot be done now, and why. `renewal`: the agency can, after a new appraisal."""

    title: str
    why: str
    renewal: bool = False


@dataclass(slots=True)
class Choices:
    options: list[Option] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)

    def has(self, act: str) -> bool:
        return any(each.act == act for each in self.options)

    def free(self, act: str) -> int | None:
        """By how many months that act prolongs, where it costs nothing."""
        return next((each.months for each in self.options if each.act == act and each.free), None)

    @property
    def alone(self) -> list[Option]:
        return [each for each in self.options if each.alone]

    @property
    def too_small(self) -> list[Option]:
        """What a card pays with something else only."""
        return [each for each in self.options if not each.alone]

    @property
    def renewal(self) -> bool:
        return any(each.renewal for each in self.closed)


def choices_of(*, contract: Contract, on: date) -> Choices:
    """Prolong, pay a part, redeem. Nothing of a mirrored contract, and of one that has ended."""
    found = Choices()
    if contract.mirrored or contract.state in ENDED:
        return found
    _prolong(contract, on, found)
    _pay_part(contract, on, found)
    _redeem(contract, on, found)
    return found


def _prolong(contract: Contract, on: date, found: Choices) -> None:
    refused: list[NotPossibleError] = []
    offered = sorted(tariff_of_contract(contract=contract).document.prolongation.months)
    for months in offered:
        try:
            quote = quote_contract(contract=contract, act=Act.PROLONG, on=on, months=months)
        except NotPossibleError as error:
            refused.append(error)
            continue
        effect = effect_of(contract=contract, quote=quote)
        found.options.append(
            Option(
                act=prolong_act(months=months),
                title=for_months(months),
                text=_prolonged(quote.until or on, quote.total, effect),
                until=quote.until,
                price=quote.total,
                effect=effect,
                shares=shares_of(quote=quote),
                lines=tuple(
                    explained(lines=[each for each in quote.lines if each.amount], lent=contract.amount_lent)
                ),
                alone=_alone(quote.total),
            )
        )
    if len(refused) == len(offered) and refused:
        renewal = refused[0].why in (WhyNot.AT_THE_END, WhyNot.BEYOND_TWO_YEARS)
        found.closed.append(Closed(gettext("Prolonger"), refusal_in_words(refused[0]), renewal))
    elif not offered:
        found.closed.append(Closed(gettext("Prolonger"), gettext("Ce contrat ne se prolonge pas.")))


def _prolonged(until: date, price: Money, effect: Effect | None) -> str:
    added = effect.added if effect else ZERO
    if price:
        said = gettext(
            "Nouvelle échéance : %(day)s. Vous payez les intérêts et les frais ; le capital reste dû."
        )
    elif added:
        said = gettext(
            "Nouvelle échéance : %(day)s. Vous ne payez rien aujourd’hui ; %(added)s de frais s’ajoutent à votre dette."
        )
    else:
        said = gettext("Nouvelle échéance : %(day)s. Vous n’avez rien à payer ; le capital reste dû.")
    return said % {"day": date_long(until), "added": euros(added)}


def _pay_part(contract: Contract, on: date, found: Choices) -> None:
    title = gettext("Payer une partie")
    possibility, owed = may(contract=contract, act=Act.PAY_PART, on=on), debt_of(contract=contract, on=on)
    if possibility.why_not is not None or owed is None:
        why = possibility.why_not or WhyNot.REDEEMED
        found.closed.append(Closed(title, why_not_in_words(why, since=possibility.since)))
        return
    least = max(owed.charges + CENT, current_policy().payments.least_sum)
    found.options.append(
        Option(
            act=PART,
            title=title,
            text=_paid_in_part(owed.charges),
            least=least,
            below=owed.total,
            charges=owed.charges,
            alone=least < owed.total,
        )
    )


def _paid_in_part(charges: Money) -> str:
    if not charges:
        # They were paid a moment ago, or the loan is free.
        return gettext(
            "Vous ne devez ni intérêts ni frais aujourd’hui : tout votre paiement diminue le capital. L’échéance ne "
            "change pas."
        )
    said = gettext(
        "Vous payez les intérêts et les frais d’aujourd’hui, %(charges)s, et le reste de votre paiement diminue le "
        "capital. L’échéance ne change pas."
    )
    return said % {"charges": euros(charges)}


def _alone(price: Money) -> bool:
    """What costs nothing needs no card."""
    return not price or price >= current_policy().payments.least_sum


def _redeem(contract: Contract, on: date, found: Choices) -> None:
    title = gettext("Tout rembourser")
    try:
        quote = quote_contract(contract=contract, act=Act.REDEEM, on=on)
    except NotPossibleError as error:
        found.closed.append(Closed(title, refusal_in_words(error)))
        return
    count = len(contract.objects_pledged.all())
    text = ngettext(
        "Le contrat se termine. Vous prenez ensuite rendez-vous pour reprendre votre objet.",
        "Le contrat se termine. Vous prenez ensuite rendez-vous pour reprendre vos objets.",
        count,
    )
    found.options.append(
        Option(act=REDEEM, title=title, text=text, price=quote.total, alone=_alone(quote.total))
    )


@dataclass(frozen=True, slots=True)
class SaleRequest:
    """Whether the client may ask for the sale, and in words when or why not."""

    text: str
    can: bool


def asks_for_sale(*, contract: Contract, on: date) -> SaleRequest | None:
    """None where it is not the moment to speak of it (CMF D514-15): what blocks a contract is said by itself."""
    if contract.mirrored or contract.state in ENDED or contract.state == Contract.State.FOR_SALE:
        return None
    found = may(contract=contract, act=Act.REQUEST_SALE, on=on)
    if found.why_not in _BLOCKED:
        return None
    if found.why_not is not None:
        return SaleRequest(why_not_in_words(found.why_not, since=found.since), can=False)
    return SaleRequest(
        gettext(
            "Vous pouvez demander à l’agence de vendre l’objet sans attendre. Ce qui dépasse votre dette est à vous."
        ),
        can=True,
    )
