"""Where a contract leads: to an appointment, to a payment, where the caisse offers them."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import Money
from tenant_apps.agencies.links import booking_address
from tenant_apps.agencies.models import Kind
from tenant_apps.agencies.products import PRODUCT as APPOINTMENTS
from tenant_apps.pawn.domain.possible import Act, WhyNot
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.pay_out_boni import boni_left
from tenant_apps.pawn.services.quote import may
from tenant_apps.pawn.wording import why_not_in_words
from tenant_apps.payments.products import PRODUCT as PAYMENTS
from tenant_apps.payments.registry import NextStep
from tenants.policy.current import current_policy

TO_FETCH = _(
    "Tout est remboursé : venez reprendre votre objet à l’agence, avec le reçu de dépôt et une pièce d’identité."
)
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


def appraisal_address(*, contract: Contract) -> str:
    """For a renewal, which needs a new appraisal (CMF D514-7); empty where appointments are not offered."""
    return booking_address(purpose=Kind.APPRAISAL, about=contract.uuid) if offers_appointments() else ""


def afterwards_of(*, contract: Contract, on: date) -> NextStep | None:
    """Of a redeemed contract of ours: come and fetch, or why that must wait. None when nothing is left to do."""
    if contract.mirrored or contract.state != Contract.State.REDEEMED:
        return None
    found = may(contract=contract, act=Act.FETCH, on=on)
    if found.why_not is WhyNot.FETCHED:
        return None
    if found.why_not is not None:
        return NextStep(words=why_not_in_words(found.why_not, since=found.since), label="", address="")
    address = booking_address(purpose=Kind.REDEEM, about=contract.uuid) if offers_appointments() else ""
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
        address=booking_address(purpose=Kind.OTHER) if offers_appointments() else "",
    )
