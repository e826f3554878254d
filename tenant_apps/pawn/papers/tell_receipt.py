"""Tell a client of the receipt of a payment at the counter: by the first means of the policy that reaches them."""

from datetime import datetime
from typing import Any

from django.utils.translation import override

from tenant_apps.agencies.journalling import known_as
from tenant_apps.documents.attaching import attached
from tenant_apps.documents.models import Document
from tenant_apps.identity.way_in import way_in
from tenant_apps.messaging.queue_message import queue_message
from tenant_apps.pawn.models import Operation
from tenant_apps.pawn.papers.account import left_behind, parts_of
from tenant_apps.pawn.papers.receipt_words import what_for
from tenant_apps.payments.line_words import LineWords
from tenants.policy.current import current_policy


def tell_of_counter_receipt(*, operation: Operation, document: Document, page: str, now: datetime) -> None:
    """In the transaction that keeps the receipt, which goes with a mail.
    Who has neither way has the paper, and no letter leaves for it.

    `page`: the path of the document.
    """
    client = operation.contract.client
    with override(client.language):
        name = client.greeting_name
        what = LineWords(
            label=what_for(operation=operation),
            amount=operation.amount,
            parts=parts_of(operation=operation),
            notes=left_behind(operation=operation),
        )
    told: dict[str, Any] = {
        "about": known_as(client),
        "language": client.language,
        "context": {
            "name": name,
            "what": [what],
            "number": operation.contract.number,
            "amount": operation.amount,
            "receipt": operation.receipt,
            **way_in(client=client.uuid, page=page).context,
        },
        "now": now,
        "secret": False,
    }
    reached = {"mail": client.email, "sms": client.mobile}
    way = next((each for each in current_policy().pawn.remind_by if reached.get(each)), "")
    if way == "mail":
        goes_with = [attached(document=document)]
        queue_message(kind="pawn_receipt", channel="mail", to=client.email, attached=goes_with, **told)
    elif way == "sms":
        queue_message(kind="pawn_receipt", channel="sms", to=client.mobile, **told)
