"""Events of the journal of the caisse, in the words of the counter. The address is nobody's business there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from tenant_apps.clients.models import Client
from tenant_apps.clients.selectors import clients_of_uuids
from tenant_apps.desk.event_details import Text
from tenant_apps.desk.journal_wording import event_in_words
from tenant_apps.desk.presentation import how_acted, staff_of
from tenant_apps.identity.people import clients_of, names_of, uuids_of_indexes
from tenant_apps.journal.models import Event


@dataclass(frozen=True, slots=True)
class JournalLine:
    """`client`: whose file it leads to; else `who` says whom it is about, if anybody."""

    what: Text
    at: datetime
    client: Client | None
    who: str
    how: list[Text]


def journal_lines(*, events: Collection[Event]) -> list[JournalLine]:
    """Four queries at most, however many the events."""
    about = _about(events)
    acted = {by for each in events if (by := staff_of(event=each))}
    wanted = set(about.values())
    clients = clients_of(uuids=wanted)
    # A file without a way in stands for itself.
    if others := sorted(wanted - set(clients)):
        clients |= {each.uuid: each for each in clients_of_uuids(uuids=others)}
    names = names_of(uuids=(wanted - set(clients)) | acted)
    return [_line(each, about.get(each.pk), clients, names) for each in events]


def _line(
    event: Event, about: UUID | None, clients: dict[UUID, Client], names: dict[UUID, str]
) -> JournalLine:
    client = clients.get(about) if about else None
    return JournalLine(
        what=event_in_words(event.kind),
        at=event.at,
        client=client,
        who="" if client else _who(event, about, names),
        how=how_acted(event=event, staff=names),
    )


def _about(events: Collection[Event]) -> dict[int, UUID]:
    """Whom each event is about, by its key. Who has only typed an identifier stands there by its blind index."""
    found = {each.pk: uuid for each in events if (uuid := _uuid(each.subject))}
    typed = {each.pk: each.subject for each in events if each.subject and each.pk not in found}
    known = uuids_of_indexes(indexes=set(typed.values()))
    return found | {pk: known[index] for pk, index in typed.items() if index in known}


def _who(event: Event, about: UUID | None, names: dict[UUID, str]) -> str:
    if not event.subject:
        return ""
    if about is None:
        # A blind index: what was typed belongs to nobody, and cannot be read back.
        return gettext("identifiant inconnu")
    return names.get(about, gettext("compte qui n’existe plus"))


def _uuid(subject: str) -> UUID | None:
    try:
        return UUID(subject) if len(subject) == len(str(UUID(int=0))) else None
    except ValueError:
        return None
