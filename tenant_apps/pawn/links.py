"""Where a contract leads: to an appointment, to a payment, where the caisse offers them."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from tenant_apps.agencies.links import booking_address
from tenant_apps.agencies.models import Kind
from tenant_apps.agencies.products import PRODUCT as APPOINTMENTS
from tenant_apps.pawn.domain.possible import Act, WhyNot
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.quote import may
from tenant_apps.pawn.wording import why_not_in_words
from tenant_apps.payments.products import PRODUCT as PAYMENTS
from tenant_apps.payments.registry import NextStep
from tenants.policy.current import current_policy

TO_FETCH = _(
    "Tout est remboursé : venez reprendre votre objet à l’agence, avec le reçu de dépôt et une pièce d’identité."
)
BOOK = _("Prendre rendez-vous")


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
