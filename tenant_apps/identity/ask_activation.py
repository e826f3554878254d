"""A client asks for the first connection by typing the identifier; what happens then, only the worker knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from guichet.kernel.sealing import index_with
from guichet.tenancy.enqueue import enqueue
from guichet.tenancy.signing import keyring
from tenant_apps.identity.access_codes import has_live_letter, sent_since
from tenant_apps.identity.activate import REFUSED
from tenant_apps.identity.counters import address_key, count_address_try, count_request
from tenant_apps.identity.realms import CLIENTS
from tenant_apps.identity.selectors import login_index, user_of_index
from tenant_apps.identity.send_activation import CannotSendActivationError, send_activation
from tenant_apps.journal.record import record
from tenants.policy.document import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Both None: it goes its way."""

    # The address asks too much.
    braked_for: timedelta | None = None
    # This identifier was asked for too often.
    wait: timedelta | None = None


def ask_activation(*, identifier: str, policy: Policy, address: str, now: datetime) -> Asked:
    """Nothing is looked up here: somebody and nobody cost the same, and one job is enqueued for either."""
    at_address = count_address_try(key=address_key(address=address), policy=policy, now=now)
    if not at_address.open:
        return Asked(braked_for=at_address.wait)
    index = login_index(realm=CLIENTS, identifier=identifier)
    key = keyring().digest(index, purpose="activation-asked")
    counted = count_request(key=key, per_day=policy.activation.requests_per_day, now=now)
    if not counted.open:
        return Asked(wait=counted.wait)
    # Not named while there is one key: a worker of the release before does not know it.
    older: dict[str, Any] = {"older": index.older} if index.older else {}
    enqueue("identity.send_activation", index=index, asked_at=now.isoformat(), **older)
    return Asked()


def answer_request(*, index: str, asked_at: datetime, now: datetime, older: Sequence[str] = ()) -> None:
    """The worker's part. Run twice, what was sent since the request keeps the second back.

    `older`: the index under the keys that open beside the one that seals, while there are some.
    """
    user = user_of_index(index=index_with(index, older=older))
    if user is None:
        record(kind=REFUSED, at=now, subject=index, why="unknown")
    elif has_live_letter(user=user, now=now):
        # A letter is on its way, or in the person's hands: who only knows the identifier must not make it worthless.
        record(kind=REFUSED, at=now, subject=str(user.uuid), why="letter_lives")
    elif not sent_since(user=user, moment=asked_at):
        try:
            send_activation(user=user, now=now)
        except CannotSendActivationError as error:
            record(kind=REFUSED, at=now, subject=str(user.uuid), why=error.why)
