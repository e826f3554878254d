"""Once an act is paid by card and done: what was paid for which contract, what it changed, and what comes next."""

import uuid
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from guichet.web.templatetags.guichet import date_long, euros
from tenant_apps.agencies.links import booking_address
from tenant_apps.agencies.models import Kind
from tenant_apps.pawn.choices import REDEEM
from tenant_apps.pawn.links import BOOK, TO_FETCH, offers_appointments
from tenant_apps.pawn.models import Operation
from tenant_apps.pawn.selectors import operation_done
from tenant_apps.payments.registry import NextStep


def operation_number(*, payment: UUID, contract: UUID) -> UUID:
    """A basket pays several contracts: each has an operation of its own, the same each time it is told."""
    return uuid.uuid5(payment, str(contract))


def afterwards(*, reference: UUID, act: str, payment: UUID) -> NextStep | None:
    """One query. Only what stays true is said: the page of a payment is opened again months later."""
    done = operation_done(uuid=operation_number(payment=payment, contract=reference))
    if done is None:
        return None
    address = reverse("contract", args=[reference])
    if act != REDEEM:
        return NextStep(words=_changed(done), label=_see(done), address=address)
    words = f"{_paid(done)} {TO_FETCH}"
    if offers_appointments():
        address = booking_address(purpose=Kind.REDEEM, about=reference)
        return NextStep(words=words, label=str(BOOK), address=address)
    return NextStep(words=words, label=_see(done), address=address)


def _see(done: Operation) -> str:
    return gettext("Voir le contrat n° %(number)s") % {"number": done.contract.number}


def _paid(done: Operation) -> str:
    said = {"number": done.contract.number, "sum": euros(done.amount)}
    return gettext("Contrat n° %(number)s : vous avez payé %(sum)s.") % said


def _changed(done: Operation) -> str:
    if done.term_before is not None and done.term_after is not None:
        moved = gettext("Il est prolongé : l’échéance passe du %(before)s au %(after)s.") % {
            "before": date_long(done.term_before),
            "after": date_long(done.term_after),
        }
        return f"{_paid(done)} {moved}"
    split = gettext("Le capital à rembourser diminue de %(capital)s. L’échéance ne change pas.")
    return f"{_paid(done)} {split % {'capital': euros(done.capital)}}"
