"""Say what some acts cost, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guichet.kernel.money import ZERO, Money, total
from guichet.web.templatetags.guichet import duration, euros
from tenant_apps.clients.models import Client
from tenant_apps.payments.models import Basket, BasketLine
from tenant_apps.payments.registry import CannotPayError, UnknownSettlementError, settlement_of
from tenants.policy.current import current_policy

MOST_LINES = 20
# Of one client, and not lapsed: a basket costs nothing, and is rows. Twice as many as payments that may be begun, so
# that who begins those is told of them first.
MOST_BASKETS = 60


class NoSuchQuoteError(LookupError):
    """There is none of that id, or it is not this client's: the same answer for both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a client wants to pay. `amount` where the act leaves it open."""

    kind: str
    reference: UUID
    act: str
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """One act at its price; `wanted` as the client said it."""

    kind: str
    reference: UUID
    act: str
    amount: Money
    wanted: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Prices that hold until `expires_at`. Lines in the order in which their rows are locked."""

    uuid: UUID
    lines: tuple[QuoteLine, ...]
    created_at: datetime
    expires_at: datetime

    @property
    def total(self) -> Money:
        return total(line.amount for line in self.lines)


@transaction.atomic
def open_basket(*, client: Client, wanted: Sequence[Wanted], now: datetime) -> Quote:
    """Each act at today's price, kept for the time that the policy says. Raises CannotPayError, with words to show."""
    # So that twenty at once are counted too.
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    lines = _quoted(client, wanted, now)
    policy = current_policy().payments
    basket = Basket.objects.create(client=client, created_at=now, expires_at=now + policy.quote_lifetime)
    BasketLine.objects.bulk_create(
        BasketLine(
            basket=basket,
            position=position,
            kind=line.kind,
            reference=line.reference,
            act=line.act,
            wanted=line.wanted,
            amount=line.amount,
        )
        for position, line in enumerate(lines)
    )
    return Quote(uuid=basket.uuid, lines=lines, created_at=now, expires_at=basket.expires_at)


def why_no_basket(*, client: Client, wanted: Sequence[Wanted], now: datetime) -> str:
    """In words, what `open_basket` would refuse now; nothing where it would open one. Nothing is written."""
    try:
        _quoted(client, wanted, now)
    except CannotPayError as refused:
        return refused.words
    return ""


def _quoted(client: Client, wanted: Sequence[Wanted], now: datetime) -> "tuple[QuoteLine, ...]":
    lines = priced(client=client, wanted=wanted, now=now)
    _check_sum(total(line.amount for line in lines))
    if Basket.objects.filter(client=client, expires_at__gt=now).count() >= MOST_BASKETS:
        said = {"wait": duration(current_policy().payments.quote_lifetime)}
        raise CannotPayError(
            _("Trop de paniers ont été préparés sans être payés. Payez le dernier, ou attendez %(wait)s.")
            % said
        )
    return lines


def priced(*, client: Client, wanted: Sequence[Wanted], now: datetime) -> tuple[QuoteLine, ...]:
    """As the products say now. Raises CannotPayError."""
    if not wanted:
        raise CannotPayError(_("Choisissez d’abord ce que vous voulez payer."))
    if len(wanted) > MOST_LINES:
        raise CannotPayError(
            _("Payez en plusieurs fois : %(most)d lignes au plus par paiement.") % {"most": MOST_LINES}
        )
    if len({(each.kind, each.reference) for each in wanted}) < len(wanted):
        raise CannotPayError(_("La même chose est dans votre panier deux fois : retirez-en une."))
    return tuple(
        QuoteLine(
            kind=each.kind,
            reference=each.reference,
            act=each.act,
            wanted=each.amount,
            amount=_price(client, each, now),
        )
        for each in sorted(wanted, key=lambda each: (each.kind, str(each.reference)))
    )


def _price(client: Client, wanted: Wanted, now: datetime) -> Money:
    try:
        settlement = settlement_of(wanted.kind)
    except UnknownSettlementError as error:
        raise CannotPayError(
            _("Ce paiement n’est plus proposé en ligne : adressez-vous à l’agence.")
        ) from error
    price = settlement.price(
        client=client, reference=wanted.reference, act=wanted.act, amount=wanted.amount, now=now
    )
    if price <= ZERO:
        raise CannotPayError(
            _("Un de vos choix ne coûte rien aujourd’hui : retirez-le du panier, ou demandez-le à l’agence.")
        )
    return price


def quote_of(*, client: Client, uuid: UUID) -> Quote:
    """One of this client's own, lapsed or not. Raises NoSuchQuoteError."""
    basket = Basket.objects.filter(client=client, uuid=uuid).first()
    if basket is None:
        raise NoSuchQuoteError
    lines = tuple(
        QuoteLine(
            kind=each.kind, reference=each.reference, act=each.act, amount=each.amount, wanted=each.wanted
        )
        for each in basket.lines.order_by("position")
    )
    return Quote(uuid=basket.uuid, lines=lines, created_at=basket.created_at, expires_at=basket.expires_at)


def quoted_again(*, client: Client, quote: Quote, now: datetime) -> Quote:
    """The same acts at the price of now. Raises CannotPayError."""
    return open_basket(client=client, wanted=wanted_of(quote=quote), now=now)


def wanted_of(*, quote: Quote) -> list[Wanted]:
    return [
        Wanted(kind=each.kind, reference=each.reference, act=each.act, amount=each.wanted)
        for each in quote.lines
    ]


def forget_old_baskets(*, before: datetime) -> int:
    """Those that had lapsed by then; how many went."""
    found = Basket.objects.filter(expires_at__lt=before)
    count = found.count()
    found.delete()
    return count


def _check_sum(amount: Money) -> None:
    policy = current_policy().payments
    if amount < policy.least_sum:
        raise CannotPayError(
            _(
                "Le paiement par carte commence à %(least)s. Votre panier fait %(sum)s : ajoutez-y autre chose,"
                " ou payez à l’agence."
            )
            % {"least": euros(policy.least_sum), "sum": euros(amount)}
        )
    if amount > policy.greatest_sum:
        raise CannotPayError(
            _(
                "Le paiement par carte va jusqu’à %(greatest)s. Votre panier fait %(sum)s : payez en plusieurs fois,"
                " ou à l’agence."
            )
            % {"greatest": euros(policy.greatest_sum), "sum": euros(amount)}
        )
