"""Write the clients of a file: files, ways in, first connections.

Batch after batch, each in a transaction of its own: one long transaction would hold up the journal's seals and the
sign-ins of those it touches. What was written is found unchanged by a second run, which goes on from there.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from tenant_apps.clients.change_contact import change_contact
from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import register_client
from tenant_apps.exchange.domain.table import Problem
from tenant_apps.exchange.plan_clients import Standing, against, batches, standings_of, wanted_details
from tenant_apps.exchange.read_client import Address, ClientLine
from tenant_apps.identity.access_codes import has_live_code
from tenant_apps.identity.correct_contact import Contact, contact_as_shown, correct_contact
from tenant_apps.identity.correct_file import CHANGED, correct_file
from tenant_apps.identity.give_access import open_access
from tenant_apps.identity.models import User
from tenant_apps.identity.open_account import IdentifierTakenError
from tenant_apps.identity.send_activation import CannotSendActivationError, send_activation
from tenant_apps.journal.record import record

BATCH = 100
IMPORTED, REASON = "client.imported", "import"


class StoppedError(RuntimeError):
    """Somebody else wrote meanwhile. The batches before are written; the same file goes on from there."""

    def __init__(self, line: int, problems: Sequence[Problem] = ()) -> None:
        super().__init__(line)
        self.line, self.problems = line, problems


@dataclass(slots=True)
class Imported:
    """How many were registered, changed or left alone; accesses opened; what left. `unsent`: why not, by line."""

    counts: Counter[str] = field(default_factory=Counter)
    unsent: list[Problem] = field(default_factory=list)

    def add(self, other: "Imported") -> None:
        self.counts.update(other.counts)
        self.unsent.extend(other.unsent)


def import_clients(
    *, lines: Sequence[ClientLine], activates: bool, now: datetime, progress: Callable[[int], None]
) -> Imported:
    """`activates`: whoever waits and holds nothing that still opens is sent a first connection.

    Raises StoppedError.
    """
    done, count = Imported(), 0
    for batch in batches(lines, BATCH):
        done.add(_written(batch, activates=activates, now=now))
        count += len(batch)
        progress(count)
    return done


def _written(batch: Sequence[ClientLine], *, activates: bool, now: datetime) -> Imported:
    done = Imported()
    try:
        with transaction.atomic():
            standings = standings_of(batch)
            problems = [each for line in batch for each in against(line, standings[line.line])]
            if problems:
                raise StoppedError(batch[0].line, problems)
            for line in batch:
                _write(line, standings[line.line], done, now)
                if activates:
                    _activate(line, done, now)
    except (IntegrityError, IdentifierTakenError) as error:
        raise StoppedError(batch[0].line) from error
    return done


def _write(line: ClientLine, standing: Standing, done: Imported, now: datetime) -> None:
    client, user = standing.client, standing.user
    if client is None:
        client = _registered(line, now)
        done.counts["new"] += 1
    else:
        done.counts["changed" if _corrected(line, client, user, now) else "same"] += 1
    if user is None and open_access(client=client, identifier=line.identifier, now=now) is not None:
        done.counts["opened"] += 1


def _registered(line: ClientLine, now: datetime) -> Client:
    address = line.address or Address(postal_lines=(), postcode="", town="", country="")
    client = register_client(
        number=line.number,
        title=line.title or Client.Title.NONE.value,
        first_name=line.first_name,
        last_name=line.last_name,
        birth_date=line.birth_date,
        email=line.email,
        mobile=line.mobile,
        language=line.language or "fr",
        postal_lines=address.postal_lines,
        postcode=address.postcode,
        town=address.town,
        country=address.country,
    )
    record(kind=IMPORTED, at=now, subject=str(client.uuid), reason=REASON)
    return client


def _corrected(line: ClientLine, client: Client, user: User | None, now: datetime) -> bool:
    """Contact details go the counter's way: what the file said before is told, and so is the phone of the codes."""
    changed = _contact(line, client, user, now)
    details = wanted_details(line, client)
    return bool([*changed, *correct_file(client=client, user=user, details=details, reason=REASON, now=now)])


def _contact(line: ClientLine, client: Client, user: User | None, now: datetime) -> list[str]:
    email, mobile = line.email or client.email, line.mobile or client.mobile
    changed = [
        name
        for name, before, after in (("email", client.email, email), ("mobile", client.mobile, mobile))
        if before != after
    ]
    if not changed:
        return []
    if user is None:
        change_contact(client=client, email=email, mobile=mobile)
        record(kind=CHANGED, at=now, subject=str(client.uuid), reason=REASON, what=changed)
        return changed
    return correct_contact(
        client=client,
        user=user,
        contact=Contact(email=email, mobile=mobile),
        seen=contact_as_shown(client=client),
        reason=REASON,
        now=now,
    )


def _activate(line: ClientLine, done: Imported, now: datetime) -> None:
    user = User.objects.select_related("client").filter(client__number=line.number).first()
    if user is None or not user.may_activate or has_live_code(user=user, now=now):
        return
    try:
        send_activation(user=user, now=now, reason=REASON)
    except CannotSendActivationError as error:
        done.unsent.append(Problem(line.line, error.why, number=line.number))
    else:
        done.counts["sent"] += 1
