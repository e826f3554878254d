"""What a client is told of a payment that was taken back, and of what they owe again: by mail, by SMS or by letter."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tenant_apps.agencies.journalling import known_as
from tenant_apps.clients.envelope import in_short, recipient_of
from tenant_apps.identity.way_in import way_in
from tenant_apps.messaging.queue_message import queue_message
from tenant_apps.pawn.models import Operation
from tenant_apps.pawn.services.foresee_taking_back import Restored
from tenants.policy.current import current_policy


def tell_of_taking_back(*, operation: Operation, restored: Restored, now: datetime) -> None:
    """In the transaction of the act. Who has neither mail nor mobile gets a letter: all are told what they owe."""
    contract, payment = operation.contract, operation.takes_back
    if payment is None:
        raise AssertionError("a taking back names a payment")
    client = contract.client
    with override(client.language):
        name, to, recipient = client.greeting_name, in_short(client), recipient_of(client)
    told: dict[str, Any] = {
        "about": known_as(client),
        "language": client.language,
        "context": {
            "name": name,
            "number": contract.number,
            "sum": payment.amount,
            "paid_on": timezone.localdate(payment.at),
            "by_bank": payment.payment is not None,
            "due": restored.owed,
            "term": restored.term,
            "passed": restored.term < timezone.localdate(now),
            "sale_on": restored.sale_on,
            **way_in(client=client.uuid, page=reverse("contract", args=[contract.uuid])).context,
        },
        "now": now,
        "secret": False,
    }
    reached = {"mail": client.email, "sms": client.mobile}
    way = next((each for each in current_policy().pawn.remind_by if reached.get(each)), "")
    if way == "mail":
        queue_message(kind="pawn_taken_back", channel="mail", to=client.email, **told)
    elif way == "sms":
        queue_message(kind="pawn_taken_back", channel="sms", to=client.mobile, **told)
    else:
        told["context"] |= {"recipient": recipient, "today": now}
        queue_message(kind="pawn_taken_back", channel="letter", to=to, **told)
