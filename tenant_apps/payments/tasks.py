"""The jobs of card payments."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from tenant_apps.payments.services.ask_again import ask_again, payments_to_ask_again
from tenant_apps.payments.services.check_payment import abandon_never_begun, check_payment, payments_to_check
from tenant_apps.payments.services.quoting import forget_old_baskets
from tenant_apps.payments.services.receipts import make_receipt
from tenant_apps.payments.services.reconcile import reconcile_last_days
from tenant_apps.payments.services.send_refund import refunds_due, send_refund
from tenant_apps.payments.services.unmade_receipts import unmade_receipts

SWEEP_LIMIT = 100
# A slow provider must not keep a worker from the other caisses: the rest waits for the next minute.
SWEEP_LENGTH = timedelta(seconds=20)
BASKETS_KEPT = timedelta(days=1)


@app.task(name="payments.receipt")
def receipt(*, tenant: str, payment: str) -> None:
    """Make one receipt. Running it twice makes one."""
    make_receipt(uuid=UUID(payment), now=timezone.now())


@app.task(name="payments.refund")
def refund(*, tenant: str, refund: str) -> None:
    """Ask for one refund. Running it twice gives back once."""
    send_refund(uuid=UUID(refund), now=timezone.now())


@app.task(name="payments.sweep")
def sweep(*, tenant: str) -> None:
    """What no webhook has closed, what no page was found for, refunds to ask again, receipts that no job made."""
    begun = timezone.now()
    abandon_never_begun(now=begun, limit=SWEEP_LIMIT)
    work = [
        *((check_payment, uuid) for uuid in payments_to_check(now=begun, limit=SWEEP_LIMIT)),
        *((send_refund, uuid) for uuid in refunds_due(now=begun, limit=SWEEP_LIMIT)),
        *((make_receipt, uuid) for uuid in unmade_receipts(now=begun, limit=SWEEP_LIMIT)),
    ]
    for act, uuid in work:
        if timezone.now() - begun > SWEEP_LENGTH:
            break
        act(uuid=uuid, now=timezone.now())


@app.task(name="payments.ask_again")
def ask_about_closed(*, tenant: str, asked_at: int) -> None:
    """Those said to be refused or abandoned, of which a capture may have been lost. Twice finds nothing more."""
    begun = timezone.now()
    for uuid in payments_to_ask_again(now=begun, limit=SWEEP_LIMIT):
        if timezone.now() - begun > SWEEP_LENGTH:
            break
        ask_again(uuid=uuid, now=timezone.now())


@app.task(name="payments.night")
def night(*, tenant: str) -> None:
    """Compare the last days with the provider's list; forget baskets that nobody paid."""
    now = timezone.now()
    forget_old_baskets(before=now - BASKETS_KEPT)
    reconcile_last_days(now=now)
