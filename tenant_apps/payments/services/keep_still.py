"""Keep a payment as it stands while another application acts upon what became of it."""

from uuid import UUID

from tenant_apps.payments.models import Payment


def keep_still(*, payment: UUID) -> None:
    """Until the transaction ends: no bank wants it back, wins or loses it meanwhile. Before any row of a product, as
    whoever marks a payment paid locks them.
    """
    Payment.objects.select_for_update(no_key=True).filter(uuid=payment).values_list("pk", flat=True).first()
