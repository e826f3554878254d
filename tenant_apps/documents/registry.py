"""What kinds of documents there are: who makes one registers how a client reads its kind."""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from django.utils.functional import Promise

_labels: dict[str, str | Promise] = {}
Details = Callable[[Collection[UUID]], Mapping[UUID, str]]
"""By what each is about: what it says in a line, in the language of the moment. A bounded number of queries."""
_details: dict[str, Details] = {}


class UnknownDocumentKindError(LookupError):
    """Nobody registered its words: a slip of whoever stores."""


def register_document_kind(kind: str, label: str | Promise, *, details: Details | None = None) -> None:
    """Called by an application when it is ready."""
    _labels[kind] = label
    if details is not None:
        _details[kind] = details


def details_of(*, kind: str, about: Collection[UUID]) -> Mapping[UUID, str]:
    found = _details.get(kind)
    return found(about) if found else {}


def label_of(kind: str) -> str:
    """In the language of the moment. Raises UnknownDocumentKindError."""
    try:
        return str(_labels[kind])
    except KeyError:
        raise UnknownDocumentKindError(kind) from None
