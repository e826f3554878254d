"""A client asks for the first connection by typing the identifier; what happens then, only the worker knows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from guichet.tenancy.enqueue import enqueue
from guichet.tenancy.signing import keyring
from tenant_apps.identity.access_codes import has_live_letter, sent_since, was_just_sent
from tenant_apps.identity.counters import count_address_try, count_request
from tenant_apps.identity.models import User
from tenant_apps.identity.new_key import bring_under_new_key
from tenant_apps.identity.realms import CLIENTS
from tenant_apps.identity.renewal import NOTHING_SENT, kind_for
from tenant_apps.identity.selectors import login_index, user_of_index
from tenant_apps.identity.send_activation import CannotSendActivationError, send_activation
from tenant_apps.identity.sources import address_key
from tenant_apps.journal.record import record
from tenants.policy.document import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Both None: it goes its way."""

    # The device that asks has a piece of work to do first.
    asks_work: bool = False
    # The address asks too much.
    braked_for: timedelta | None = None


def ask_activation(
    *, identifier: str, policy: Policy, address: str, now: datetime, proven: bool = True
) -> Asked:
    """Nothing is looked up here: somebody and nobody cost the same, and one job is enqueued for either."""
    source = address_key(address=address)
    tries = count_address_try(key=source, policy=policy, now=now, proven=proven)
    if tries.asks_work:
        return Asked(asks_work=True)
    at_address = tries.at_address
    if not at_address.open:
        return Asked(braked_for=at_address.wait)
    index = login_index(realm=CLIENTS, identifier=identifier)
    # The job has the newest index alone.
    bring_under_new_key(index=index)
    key = keyring().digest(index, purpose="activation-asked")
    counted = count_request(key=key, per_day=policy.activation.requests_per_day, now=now)
    # Past the limit nothing more leaves, and the answer is the usual one: what was sent last still opens, and whoever
    # asks in another's name shuts nobody out.
    if counted.open:
        enqueue("identity.send_activation", index=index, asked_at=now.isoformat())
    return Asked()


def answer_request(*, index: str, asked_at: datetime, now: datetime) -> None:
    """The worker's part. Run twice, what was sent since the request keeps the second back."""
    user = user_of_index(index=index)
    if user is None:
        record(kind=NOTHING_SENT, at=now, subject=index, why="unknown")
        return
    why = _why_not_sent(user=user, asked_at=asked_at, now=now)
    if why:
        record(kind=kind_for(NOTHING_SENT, user=user), at=now, subject=str(user.uuid), why=why)


def _why_not_sent(*, user: User, asked_at: datetime, now: datetime) -> str:
    """Sends, or says in one word for the journal why not."""
    if has_live_letter(user=user, now=now):
        # A letter is on its way, or in the person's hands: who only knows the identifier must not make it worthless.
        return "letter_lives"
    if sent_since(user=user, moment=asked_at):
        return ""
    if was_just_sent(user=user, now=now):
        return "just_sent"
    try:
        send_activation(user=user, now=now)
    except CannotSendActivationError as error:
        return error.why
    return ""
