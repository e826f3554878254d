"""Mail the identifier to the client whose file says what was typed. The worker's part: who asks learns nothing."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from guichet.tenancy.signing import keyring
from guichet.web.own_address import own_address
from tenant_apps.clients.models import Client
from tenant_apps.clients.selectors import clients_numbered
from tenant_apps.identity.contract_registry import has_contract
from tenant_apps.identity.models import User
from tenant_apps.identity.realms import CLIENTS, rules_of
from tenant_apps.journal.record import record
from tenant_apps.journal.selectors import already_told
from tenant_apps.messaging.queue_message import queue_message
from tenants.policy.document import Policy

SENT, REFUSED = "recovery.identifier_sent", "recovery.identifier_refused"
PURPOSE = "identifier-asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """`why` is one word for the journal when nobody is to be written to."""

    user: User | None = None
    why: str = ""


def sealed_request(typed: Mapping[str, str]) -> str:
    """What was typed, as a job may carry it."""
    return base64.urlsafe_b64encode(keyring().seal(json.dumps(dict(typed)), purpose=PURPOSE)).decode()


def remind_identifier(*, asked: str, now: datetime) -> None:
    """Of a request that runs twice, one mail leaves. Raises SealBrokenError."""
    typed: dict[str, str] = json.loads(keyring().open(base64.urlsafe_b64decode(asked), purpose=PURPOSE))
    # Each sealing is another: this names one request.
    trace = keyring().digest(asked, purpose=PURPOSE)
    found = _who(typed=typed, policy=rules_of(CLIENTS))
    subject = str(found.user.uuid) if found.user else ""
    if found.user is None or found.why:
        record(kind=REFUSED, at=now, subject=subject, why=found.why)
        return
    _send_once(user=found.user, trace=trace, now=now)


@transaction.atomic
def _send_once(*, user: User, trace: str, now: datetime) -> None:
    locked = User.objects.select_for_update(of=("self",)).select_related("client").get(pk=user.pk)
    client = locked.client
    if client is None or already_told(kind=SENT, trace=trace):
        return
    with override(client.language):
        name = client.greeting_name
    queue_message(
        kind="identifier_reminder",
        channel="mail",
        to=client.email,
        about=locked.uuid,
        language=client.language,
        context={
            "name": name,
            "identifier": keyring().open(locked.identifier_sealed, purpose="identifier"),
            "link": own_address(reverse("sign_in")),
        },
        now=now,
        # The identifier alone opens nothing, yet it is not to be read years later.
        secret=True,
    )
    record(kind=SENT, at=now, subject=str(locked.uuid), trace=trace)


def _who(*, typed: Mapping[str, str], policy: Policy) -> _Found:
    clients = clients_numbered(typed=typed.get("client_number", ""), limit=2)
    if len(clients) != 1:
        return _Found(why="unknown")
    client = clients[0]
    user = User.objects.select_related("client").filter(client=client).first()
    wrong = next(
        (
            asked
            for asked in policy.recovery.identifier_asks
            if not _agrees(asked, typed.get(asked, ""), client=client, policy=policy)
        ),
        None,
    )
    if wrong is not None:
        return _Found(user=user, why=wrong)
    if user is None or not user.is_active:
        return _Found(user=user, why="closed")
    return _Found(user=user, why="" if client.email else "no_email")


def _agrees(asked: str, typed: str, *, client: Client, policy: Policy) -> bool:
    if asked == "birth_date":
        return client.birth_date is not None and typed == client.birth_date.isoformat()
    if asked == "contract_number":
        return has_contract(client=client, number=typed, policy=policy)
    # The number has found the file.
    return True
