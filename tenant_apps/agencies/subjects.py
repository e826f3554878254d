"""What an appointment may be about: products register it, and agencies know none of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from tenant_apps.clients.models import Client


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a client may come for: its uuid, and what the client calls it."""

    uuid: UUID
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an appointment of a kind may be about. Each call of it makes a bounded number of queries.

    `offered`: what the client may choose from now. `for_client` and `for_desk`: what the things of these uuids are
    called, on the client's screens and at the counter; what is not this client's, or is not there, is left out.
    """

    product: str
    # Over the list of choices.
    question: str | Promise
    offered: Callable[[Client], list[Choice]]
    for_client: Callable[[Client, Collection[UUID]], Mapping[UUID, str]]
    for_desk: Callable[[Collection[UUID]], Mapping[UUID, str]]


_subjects: dict[str, Subject] = {}


def register_subject(*, kind: str, subject: Subject) -> None:
    """Called by a product's application when it is ready."""
    _subjects[kind] = subject


def subject_of(*, kind: str, products: Collection[str]) -> Subject | None:
    """None where nobody registered one, or the caisse does not have its product."""
    found = _subjects.get(kind)
    return found if found and found.product in products else None
