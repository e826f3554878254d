"""E-mail addresses as identifiers: one form for all the ways to write one."""

import re
import unicodedata

import idna

from tenants.policy.formats.refusal import IdentifierRefused, gettext_noop
from tenants.policy.formats.writing import LONGEST, readable

_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*")
_LONGEST_LOCAL = 64  # octets, RFC 5321, 4.5.3.1.1


class EmailFormat:
    """Case is dropped on both sides of the @ sign: no mail service in use tells two people apart by it."""

    def normalise(self, raw: str) -> str:
        """Raises IdentifierRefused."""
        local, at, domain = readable(raw).rpartition("@")
        if not at or not _LOCAL.fullmatch(local):
            raise _not_an_address()
        address = f"{_folded(local)}@{_host(domain)}"
        if len(address) > LONGEST:
            raise IdentifierRefused("too_long", gettext_noop("Cette adresse e-mail est trop longue."))
        return address


def _folded(local: str) -> str:
    # Folding can undo the composition, and composing can bring a capital back: twice settles it.
    for _ in range(2):
        local = unicodedata.normalize("NFKC", local.casefold())
    if not _LOCAL.fullmatch(local) or len(local.encode()) > _LONGEST_LOCAL:
        raise _not_an_address()
    return local


def _host(domain: str) -> str:
    try:
        host = idna.encode(domain, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        raise _not_an_address() from None
    name, dot, last = host.rpartition(".")
    if not (name and dot and last) or last.isdigit():
        raise _not_an_address()
    return host


def _not_an_address() -> IdentifierRefused:
    return IdentifierRefused(
        "format", gettext_noop("Ceci n’est pas une adresse e-mail, comme prenom.nom@example.org.")
    )
