"""What an appointment may be about: products register it, and agencies know none of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from html import escape
from typing import Self
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language

from tenant_apps.clients.models import Client


class Called(str):
    """What a thing is called. The part `french` is the caisse's own words, whatever the language of the page.

    A template marks that part, so that it is read out as French; a mail has it as plain text.
    """

    __slots__ = ("french",)
    french: str

    def __new__(cls, words: str, *, french: str) -> Self:
        called = super().__new__(cls, words)
        called.french = french
        return called

    def __html__(self) -> str:
        before, found, after = self.partition(self.french) if self.french else (str(self), "", "")
        if not found or (get_language() or "").startswith("fr"):
            return escape(self)
        return f'{escape(before)}<span lang="fr">{escape(found)}</span>{escape(after)}'


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
