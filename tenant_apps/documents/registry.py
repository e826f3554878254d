"""What kinds of documents there are: who makes one registers how a client reads its kind."""

from django.utils.functional import Promise

_labels: dict[str, str | Promise] = {}


class UnknownDocumentKindError(LookupError):
    """Nobody registered its words: a slip of whoever stores."""


def register_document_kind(kind: str, label: str | Promise) -> None:
    """Called by an application when it is ready."""
    _labels[kind] = label


def label_of(kind: str) -> str:
    """In the language of the moment. Raises UnknownDocumentKindError."""
    try:
        return str(_labels[kind])
    except KeyError:
        raise UnknownDocumentKindError(kind) from None
