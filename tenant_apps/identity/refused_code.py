"""What a wrong second step is told, at an address of its own: Back and reload never ask for a try to be sent again.

The address carries it, signed for this browser's half-finished sign-in. Nothing is written down: a row that a wrong
try writes would undo what another request of the same browser wrote meanwhile. It says what the page says, the same
for somebody and for nobody.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.forms import Form
from django.http import HttpRequest
from django.utils.http import urlencode

from guichet.tenancy.signing import signer

ANSWER = "reponse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """`errors`: a field, or nothing for all of the form, and what is said of it."""

    errors: tuple[tuple[str, str], ...]
    tries_left: int | None
    next_wait: timedelta | None

    def add_to(self, form: Form) -> None:
        """One without a try of its own."""
        form.errors.clear()
        for name, words in self.errors:
            form.add_error(name or None, words)


def refused(*, form: Form, tries_left: int | None, next_wait: timedelta | None) -> Refused:
    said = [
        ("" if name == "__all__" else name, str(words)) for name in form.errors for words in form.errors[name]
    ]
    return Refused(errors=tuple(said), tries_left=tries_left, next_wait=next_wait)


def in_address(*, request: HttpRequest, what: Refused) -> str:
    """The query of the page that says it."""
    wait = None if what.next_wait is None else what.next_wait.total_seconds()
    signed = _signer(request).sign_object({"errors": what.errors, "left": what.tries_left, "wait": wait})
    return urlencode({ANSWER: signed})


def from_address(*, request: HttpRequest) -> Refused | None:
    """None of what this browser was not told."""
    try:
        said = _signer(request).unsign_object(request.GET.get(ANSWER, ""))
    except BadSignature:
        return None
    wait = None if said["wait"] is None else timedelta(seconds=said["wait"])
    errors = tuple((name, words) for name, words in said["errors"])
    return Refused(errors=errors, tries_left=said["left"], next_wait=wait)


def _signer(request: HttpRequest) -> TimestampSigner:
    return signer(f"refused-code:{request.session.session_key}")
