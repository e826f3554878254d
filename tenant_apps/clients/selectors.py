"""The only doors to client files."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, Value

from guichet.kernel.names import folded
from guichet.kernel.numbers import bare
from tenant_apps.clients.models import BARE_NUMBER, NAME_WORDS, Client


def client_of_uuid(*, uuid: UUID) -> Client | None:
    return Client.objects.filter(uuid=uuid).first()


def clients_of_uuids(*, uuids: Sequence[UUID]) -> list[Client]:
    """In the order given; who is gone is left out. One query."""
    found = {client.uuid: client for client in Client.objects.filter(uuid__in=uuids)}
    return [found[uuid] for uuid in uuids if uuid in found]


def clients_named(*, words: str, limit: int) -> list[Client]:
    """Whose names begin with each of these words, in any order, accents and case aside; in order of names.

    What is no letter of a name is dropped: a sign that a search could take for a wildcard never gets there.
    """
    beginnings = dict.fromkeys(folded(words).split())
    if not beginnings:
        return []
    query = SearchQuery(" & ".join(f"{each}:*" for each in beginnings), search_type="raw", config="simple")
    found = Client.objects.annotate(name_words=NAME_WORDS).filter(name_words=query)
    return list(found.order_by("folded_name", "number")[:limit])


def clients_alike(*, first_name: str, last_name: str, birth_date: date, limit: int) -> list[Client]:
    """Of the same names, in either order, accents and case aside, born that day or on a day that the file lacks."""
    names = {folded(f"{last_name} {first_name}"), folded(f"{first_name} {last_name}")}
    born = Q(birth_date=birth_date) | Q(birth_date=None)
    return list(Client.objects.filter(born, folded_name__in=names).order_by("number")[:limit])


def client_number_taken(*, number: str) -> bool:
    return Client.objects.filter(number=number).exists()


def clients_numbered(*, typed: str, limit: int) -> list[Client]:
    """By the client number as it is printed, or without its dashes and spaces, in either case: one, nearly always."""
    number = bare(typed)
    if not number:
        return []
    found = Client.objects.annotate(bare_number=BARE_NUMBER).filter(bare_number=Value(number))
    # Ordered here: asked to order, the database may walk through all numbers instead of looking one up.
    return sorted(found[:limit], key=lambda client: client.number)
