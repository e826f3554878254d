"""A client who forgot the secret types the identifier; what happens then, only the worker knows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from guichet.tenancy.enqueue import enqueue
from guichet.tenancy.signing import keyring
from tenant_apps.identity.ask_activation import answer_request
from tenant_apps.identity.counters import count_address_try, count_request
from tenant_apps.identity.new_key import bring_under_new_key
from tenant_apps.identity.realms import CLIENTS, rules_of
from tenant_apps.identity.recoveries import has_live_letter, sent_since, was_just_sent
from tenant_apps.identity.selectors import login_index, user_of_index
from tenant_apps.identity.send_recovery import CannotSendRecoveryError, send_recovery
from tenant_apps.identity.sources import address_key
from tenant_apps.journal.record import record
from tenants.policy.document import Policy

ASKED, REFUSED = "recovery.asked", "recovery.refused"
# Who has no secret has none to forget: what they asked for is taken as a request to choose one.
LED_ON = "recovery.led_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`index` stands for the identifier from here on. Neither of the two below: it goes its way."""

    index: str
    # The device that asks has a piece of work to do first.
    asks_work: bool = False
    # The address asks too much.
    braked_for: timedelta | None = None


def ask_recovery(
    *, identifier: str, policy: Policy, address: str, now: datetime, proven: bool = True, known: str = ""
) -> Asked:
    """Nothing is looked up here: somebody and nobody cost the same, and one job is enqueued for either.

    `known`: whom this browser says that it knows, right or wrong.
    """
    index = login_index(realm=CLIENTS, identifier=identifier)
    # The job and the page of the code have the newest index alone.
    bring_under_new_key(index=index)
    source = address_key(address=address)
    tries = count_address_try(key=source, policy=policy, now=now, proven=proven)
    if tries.asks_work:
        return Asked(index=index, asks_work=True)
    at_address = tries.at_address
    if not at_address.open:
        return Asked(index=index, braked_for=at_address.wait)
    # Past the limit nothing more leaves, and the answer is the usual one. Whoever asks in another's name until then
    # shuts nobody out: a link that was sent last still opens, and a browser that the owner has used asks on.
    if _within_the_day(index, policy=policy, now=now):
        _note(index, address=address, known="", now=now)
    elif known and _within_the_day(f"{index} {known}", policy=policy, now=now):
        _note(index, address=address, known=known, now=now)
    return Asked(index=index)


def _within_the_day(name: str, *, policy: Policy, now: datetime) -> bool:
    key = keyring().digest(name, purpose="recovery-asked")
    return count_request(key=key, per_day=policy.recovery.requests_per_day, now=now).open


def _note(index: str, *, address: str, known: str, now: datetime) -> None:
    record(kind=ASKED, at=now, subject=index, address=address)
    enqueue("identity.send_recovery", index=index, asked_at=now.isoformat(), known=known)


def answer_recovery_request(*, index: str, asked_at: datetime, now: datetime, known: str = "") -> None:
    """The worker's part. Run twice, what was sent since the request keeps the second back.

    `known`: past the limit of the day, the one person to whom more may leave.
    """
    user = user_of_index(index=index)
    if user is None:
        record(kind=REFUSED, at=now, subject=index, why="unknown")
    elif known and known != str(user.uuid):
        record(kind=REFUSED, at=now, subject=str(user.uuid), why="day")
    elif user.may_activate and rules_of(CLIENTS).activation.asked_by_client:
        # Who has no secret yet has none to forget: what they may ask for anyway is what helps them.
        record(kind=LED_ON, at=now, subject=str(user.uuid))
        answer_request(index=index, asked_at=asked_at, now=now)
    elif has_live_letter(user=user, now=now):
        # A letter is on its way, or in the person's hands: who only knows the identifier must not make it worthless.
        record(kind=REFUSED, at=now, subject=str(user.uuid), why="letter_lives")
    elif sent_since(user=user, moment=asked_at):
        return
    elif was_just_sent(user=user, now=now):
        record(kind=REFUSED, at=now, subject=str(user.uuid), why="just_sent")
    else:
        try:
            send_recovery(user=user, now=now)
        except CannotSendRecoveryError as error:
            record(kind=REFUSED, at=now, subject=str(user.uuid), why=error.why)
