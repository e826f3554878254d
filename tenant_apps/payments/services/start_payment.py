"""Begin to pay what was quoted: once, however often the form is sent."""

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from guichet.web.own_address import own_address
from tenant_apps.clients.models import Client
from tenant_apps.journal.record import record
from tenant_apps.payments.domain.outcomes import Begun, Order
from tenant_apps.payments.domain.states import CAPTURED, CLOSED, PaymentState
from tenant_apps.payments.models import Payment, PaymentLine
from tenant_apps.payments.providers.choice import provider_name, provider_named
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.registry import CannotPayError, settlement_of
from tenant_apps.payments.services.quoting import Quote, priced, quoted_again, wanted_of
from tenant_apps.payments.services.settle_payment import ASKED_AGAIN
from tenant_apps.payments.services.under_way import refuse_while_under_way

log = logging.getLogger(__name__)
# Longer than any provider may take: who claimed and said nothing since is dead.
CLAIM = timedelta(seconds=90)
# How long the provider's page stays open. Stripe takes no less than half an hour.
PAGE_OPEN = timedelta(minutes=40)
FIRST_CHECK = timedelta(minutes=2)
# Of one client, within the time that a page stays open, and not paid: each costs a call of the provider, and a worker
# waits for it. What was given up counts too.
MOST_OPEN = 30


class FormUsedError(RuntimeError):
    """This form has begun another payment: another sum, another thing, another person. Nothing was done."""

    @property
    def words(self) -> str:
        return _("Cette page a déjà servi à un autre paiement. Vérifiez ce panier, puis payez.")


class PriceChangedError(RuntimeError):
    """It costs something else by now, or the quote has lapsed. `quote`: what it costs, to show and ask again."""

    def __init__(self, quote: Quote) -> None:
        super().__init__("the price has changed")
        self.quote = quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """`address`: the provider's page; empty while another process asks for it, and once the payment is over."""

    payment: UUID
    address: str


def start_payment(*, client: Client, quote: Quote, form: UUID, now: datetime) -> Started:
    """The same form with the same content gets the first answer again, whatever became of the price since.

    Raises FormUsedError, UnderWayError, PriceChangedError, CannotPayError, and ProviderError when the provider does not
    answer: the same form may then be sent again.
    """
    fingerprint = fingerprint_of(client=client, quote=quote)
    payment = _begun_by(form, fingerprint) or _create(client, quote, form, fingerprint, now)
    if not _claim(payment, now=now):
        payment.refresh_from_db()
        return Started(payment=payment.uuid, address=payment.address)
    try:
        begun = provider_named(payment.provider).start(_order(payment, client))
    except ProviderError:
        Payment.objects.filter(pk=payment.pk, state=PaymentState.CREATED).update(claimed_until=None)
        raise
    return _send_there(payment, begun, now=now)


def fingerprint_of(*, client: Client, quote: Quote) -> str:
    """Of who pays, what, and how much."""
    lines = [[each.kind, str(each.reference), each.act, str(each.amount)] for each in quote.lines]
    return hashlib.sha256(json.dumps([str(client.uuid), lines, str(quote.total)]).encode()).hexdigest()


def _begun_by(form: UUID, fingerprint: str) -> Payment | None:
    found = Payment.objects.filter(form=form).first()
    if found is not None and found.fingerprint != fingerprint:
        raise FormUsedError
    return found


def _create(client: Client, quote: Quote, form: UUID, fingerprint: str, now: datetime) -> Payment:
    """Of twenty at once, one row: the form is unique, and the others find it."""
    if (
        quote.expires_at <= now
        or priced(client=client, wanted=wanted_of(quote=quote), now=quote.created_at) != quote.lines
    ):
        raise PriceChangedError(quoted_again(client=client, quote=quote, now=now))
    try:
        with transaction.atomic():
            return _written(client, quote, form, fingerprint, now)
    except IntegrityError:
        found = _begun_by(form, fingerprint)
        if found is None:
            raise
        return found


def _written(client: Client, quote: Quote, form: UUID, fingerprint: str, now: datetime) -> Payment:
    _refuse_too_many(client, form, now=now)
    things = [(line.kind, line.reference) for line in quote.lines]
    refuse_while_under_way(client=client, form=form, things=things, now=now)
    payment = Payment.objects.create(
        client=client,
        form=form,
        fingerprint=fingerprint,
        provider=provider_name(),
        total=quote.total,
        created_at=now,
        quoted_at=quote.created_at,
        expires_at=now + PAGE_OPEN,
    )
    PaymentLine.objects.bulk_create(
        PaymentLine(
            payment=payment,
            position=position,
            kind=line.kind,
            reference=line.reference,
            act=line.act,
            amount=line.amount,
        )
        for position, line in enumerate(quote.lines)
    )
    record(kind="payment.created", at=now, subject=str(client.uuid), payment=str(payment.uuid))
    return payment


def _refuse_too_many(client: Client, form: UUID, *, now: datetime) -> None:
    """Under the client's row, so that twenty at once are counted too. Raises CannotPayError."""
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    mine = Payment.objects.filter(client=client, expires_at__gt=now).exclude(form=form)
    mine = mine.exclude(state__in=CAPTURED)
    if mine.count() >= MOST_OPEN:
        raise CannotPayError(
            _(
                "Trop de paiements ont été commencés sans être payés. Terminez celui qui est en cours, ou réessayez"
                " plus tard."
            )
        )


def _claim(payment: Payment, *, now: datetime) -> bool:
    """Whether this process is the one that asks the provider. A payment that waits already was begun."""
    free = Payment.objects.filter(pk=payment.pk, state=PaymentState.CREATED, expires_at__gt=now)
    unclaimed = free.filter(claimed_until__isnull=True) | free.filter(claimed_until__lte=now)
    return bool(unclaimed.update(claimed_until=now + CLAIM))


def _order(payment: Payment, client: Client) -> Order:
    """The names of acts only: what a provider is told names no person."""
    page = own_address(reverse("payment", args=[payment.uuid]))
    labels = [
        settlement_of(line.kind).words(reference=line.reference, act=line.act)
        for line in payment.lines.order_by("position")
    ]
    return Order(
        payment=payment.uuid,
        amount=payment.total,
        words=" · ".join(labels),
        back=page,
        cancel=own_address(reverse("payment_cancelled", args=[payment.uuid])),
        language=client.language,
        expires_at=payment.expires_at,
    )


@transaction.atomic
def _send_there(payment: Payment, begun: Begun, *, now: datetime) -> Started:
    """Unless the provider has told the end of it meanwhile."""
    locked = Payment.objects.select_for_update().get(pk=payment.pk)
    locked.reference, locked.claimed_until = begun.reference, None
    changed = ["reference", "claimed_until"]
    if locked.state == PaymentState.CREATED:
        locked.state, locked.address, locked.check_at = PaymentState.WAITING, begun.address, now + FIRST_CHECK
        changed += ["state", "address", "check_at"]
        record(kind="payment.waiting", at=now, subject=str(locked.client.uuid), payment=str(locked.uuid))
    elif locked.state in CLOSED:
        # Closed before anybody knew that it had a page.
        locked.check_at = now + ASKED_AGAIN[0]
        changed.append("check_at")
    locked.save(update_fields=changed)
    return Started(payment=locked.uuid, address=locked.address)
