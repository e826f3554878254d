"""Where a contract leads: to an appointment, to a payment, where the caisse offers them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import Money
from guichet.web.templatetags.guichet import moment
from tenant_apps.agencies.links import booking_address
from tenant_apps.agencies.models import Kind
from tenant_apps.agencies.products import PRODUCT as APPOINTMENTS
from tenant_apps.agencies.selectors import appointment_about
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.possible import Act, WhyNot
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.pay_out_boni import boni_left
from tenant_apps.pawn.services.quote import may
from tenant_apps.pawn.wording import why_not_in_words
from tenant_apps.payments.models import Payment
from tenant_apps.payments.products import PRODUCT as PAYMENTS
from tenant_apps.payments.registry import NextStep
from tenant_apps.payments.selectors import payment_under_way
from tenants.policy.current import current_policy

TO_FETCH = _(
    "Tout est remboursé : venez reprendre votre objet à l’agence, avec la reconnaissance (le papier reçu au dépôt) et "
    "une pièce d’identité."
)
KIND = "pawn_loan"
"""Of the settlement of contracts: what payments call them."""
BOOK = _("Prendre rendez-vous")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoniToClaim:
    """`before`: the day on which it is lost. `why_not`: what keeps it at the caisse, in words."""

    left: Money
    before: date
    why_not: str
    address: str


def offers_payments() -> bool:
    return PAYMENTS in current_policy().products


def offers_appointments() -> bool:
    return APPOINTMENTS in current_policy().products


def under_way_for(*, contract: Contract, now: datetime) -> Payment | None:
    """A payment by card that was begun for it and may still go through; None where the caisse takes no cards."""
    if contract.mirrored or not offers_payments():
        return None
    return payment_under_way(client=contract.client, things=[(KIND, contract.uuid)], now=now)


def under_way_among(*, client: Client, contracts: Collection[Contract], now: datetime) -> Payment | None:
    """The same, for one of these of one client's: one query, and none where there are none."""
    if not contracts or not offers_payments():
        return None
    things = [(KIND, each.uuid) for each in contracts]
    return payment_under_way(client=client, things=things, now=now)


def appraisal_address(*, contract: Contract) -> str:
    """For a renewal, which needs a new appraisal (CMF D514-7); empty where appointments are not offered."""
    return booking_address(purpose=Kind.APPRAISAL, about=contract.uuid) if offers_appointments() else ""


def visit_address() -> str:
    """To do at the agency what is not done on line; empty where appointments are not offered."""
    return booking_address(purpose=Kind.OTHER) if offers_appointments() else ""


def afterwards_of(*, contract: Contract, on: date, now: datetime) -> NextStep | None:
    """Of a redeemed contract of ours: come and fetch, when, or why that must wait. None when nothing is left to do."""
    if contract.mirrored or contract.state != Contract.State.REDEEMED:
        return None
    found = may(contract=contract, act=Act.FETCH, on=on)
    if found.why_not is WhyNot.FETCHED:
        return None
    if found.why_not is not None:
        return NextStep(words=why_not_in_words(found.why_not, since=found.since), label="", address="")
    if not offers_appointments():
        return NextStep(words=str(TO_FETCH), label="", address="")
    booked = appointment_about(client=contract.client, about=contract.uuid, kind=Kind.REDEEM, now=now)
    if booked is not None:
        return NextStep(
            words=gettext(
                "Vous avez rendez-vous le %(when)s : %(agency)s. Venez avec la reconnaissance (le papier reçu au "
                "dépôt) et une pièce d’identité."
            )
            % {"agency": booked.agency.name, "when": moment(booked.starts_at)},
            label=gettext("Voir le rendez-vous"),
            address=reverse("appointment", args=[booked.uuid]),
        )
    address = booking_address(purpose=Kind.REDEEM, about=contract.uuid)
    return NextStep(words=str(TO_FETCH), label=str(BOOK), address=address)


def boni_to_claim(*, contract: Contract, on: date) -> BoniToClaim | None:
    """Of a contract of ours whose boni nobody has claimed yet (CMF D514-21)."""
    if contract.mirrored or contract.state != Contract.State.BONI_AVAILABLE:
        return None
    found = may(contract=contract, act=Act.CLAIM_BONI, on=on)
    return BoniToClaim(
        left=boni_left(contract=contract),
        before=contract.sale.lapses_on,
        why_not=why_not_in_words(found.why_not, since=found.since) if found.why_not is not None else "",
        address=visit_address(),
    )
