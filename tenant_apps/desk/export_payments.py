"""Card payments for the accountant: a file for a spreadsheet, day by day."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.desk.export_journal import BOM, written
from tenant_apps.journal.record import record
from tenant_apps.payments.domain.states import LineState
from tenant_apps.payments.line_words import learn_labels, line_label
from tenant_apps.payments.models import Payment, Refund
from tenant_apps.payments.presentation import LINES
from tenant_apps.payments.selectors import captured_in, refunds_taken_in, span_of
from tenants.models import Caisse

EXPORTED = "payments.exported"


def note_payments_export(*, since: date, until: date, by: UUID) -> None:
    """Who took what away."""
    record(
        kind=EXPORTED,
        at=timezone.now(),
        by=str(by),
        since=since.isoformat(),
        until=until.isoformat(),
    )


def payments_csv(*, since: date, until: date, caisse: Caisse, language: str) -> Iterator[str]:
    """It is read while the response leaves, when the request has left its caisse and its language: each day is asked
    for under both. Sums are positive, and the second column says which way they went.
    """
    with translation.override(language):
        yield BOM + written(
            [
                gettext("Date"),
                gettext("Sens"),
                gettext("Reçu"),
                gettext("N° de client"),
                gettext("Objet"),
                gettext("Montant"),
                gettext("État"),
                gettext("Référence du prestataire"),
                gettext("Référence"),
            ]
        )
    day = since
    while day <= until:
        with tenant_context(caisse), translation.override(language):
            text = "".join(written(cells) for cells in _of_day(day))
        if text:
            yield text
        day += timedelta(days=1)


def _of_day(day: date) -> Iterator[list[str]]:
    span = span_of(day=day)
    payments = captured_in(span=span)
    learn_labels(line for each in payments for line in each.lines.all())
    for payment in payments:
        yield from _paid(payment)
    for refund in refunds_taken_in(span=span):
        yield _given_back(refund)


def _paid(payment: Payment) -> Iterator[list[str]]:
    for line in payment.lines.all():
        if line.state != LineState.DROPPED and payment.captured_at is not None:
            yield [
                f"{timezone.localtime(payment.captured_at):%Y-%m-%d %H:%M:%S}",
                gettext("Encaissement"),
                payment.receipt or "",
                payment.client.number,
                line_label(kind=line.kind, reference=line.reference, act=line.act),
                _sum(line.amount),
                str(LINES[line.state].label),
                payment.capture,
                str(payment.uuid),
            ]


def _given_back(refund: Refund) -> list[str]:
    return [
        f"{timezone.localtime(refund.taken_at):%Y-%m-%d %H:%M:%S}" if refund.taken_at else "",
        gettext("Remboursement"),
        refund.payment.receipt or "",
        refund.payment.client.number,
        gettext("Remboursement sur la carte"),
        _sum(refund.amount),
        "",
        refund.reference,
        str(refund.payment.uuid),
    ]


def _sum(amount: Money) -> str:
    """As a French spreadsheet reads a number."""
    return str(amount).replace(".", ",")
