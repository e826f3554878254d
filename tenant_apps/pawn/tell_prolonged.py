"""What a client keeps of a prolongation that no receipt tells of: a mail, or an SMS to who has no address."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from tenant_apps.agencies.journalling import known_as
from tenant_apps.documents.attaching import attached
from tenant_apps.documents.models import Document
from tenant_apps.identity.way_in import way_in
from tenant_apps.messaging.queue_message import queue_message
from tenant_apps.pawn.models import Contract


def tell_of_prolongation(*, contract: Contract, document: Document | None, now: datetime) -> None:
    """In the transaction of the act. `contract`: with its client, and with its new term; `document`: its confirmation,
    which goes with a mail. None where the storage did not answer: the night makes it.
    """
    client = contract.client
    with override(client.language):
        name = client.greeting_name
    told: dict[str, Any] = {
        "about": known_as(client),
        "language": client.language,
        "context": {
            "name": name,
            "number": contract.number,
            "day": contract.due_on,
            "at": now,
            **way_in(client=client.uuid, page=reverse("contract", args=[contract.uuid])).context,
        },
        "now": now,
        "secret": False,
    }
    if client.email:
        goes_with = [attached(document=document)] if document else []
        queue_message(kind="pawn_prolonged", channel="mail", to=client.email, attached=goes_with, **told)
    elif client.mobile:
        queue_message(kind="pawn_prolonged", channel="sms", to=client.mobile, **told)
