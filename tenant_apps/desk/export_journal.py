"""The journal as a file for a spreadsheet, piece by piece: a long one is never whole in memory."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext
from django_tenants.utils import tenant_context

from tenant_apps.desk.journal_lines import JournalLine, journal_lines
from tenant_apps.journal.models import Event
from tenant_apps.journal.record import record
from tenant_apps.journal.selectors import EventFilter, events_in_pieces
from tenants.models import Caisse

EXPORTED = "journal.exported"
PIECE = 500
# Excel takes a file for UTF-8 by its first bytes, and a semicolon for the separator where it speaks French.
BOM, SEPARATOR = "\ufeff", ";"
# What a spreadsheet would compute, the wide signs of East Asian keyboards too; and what is a mere number to it.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
_BELOW_NOTHING = re.compile(r"-[0-9]+,[0-9]{2}", re.ASCII)


class _Line:
    """What csv writes to: hands the line back."""

    def write(self, line: str) -> str:
        return line


def note_export(*, wanted: EventFilter, by: UUID, subject: str) -> None:
    """Who took what away."""
    record(
        kind=EXPORTED,
        at=timezone.now(),
        subject=subject,
        by=str(by),
        since=wanted.since.isoformat(),
        until=wanted.until.isoformat(),
        kinds=list(wanted.kinds),
    )


def journal_csv(*, wanted: EventFilter, caisse: Caisse, language: str) -> Iterator[str]:
    """It is read while the response leaves, when the request has left its caisse and its language: each piece is asked
    for under both, and none of them stays set between two pieces.
    """
    with translation.override(language):
        yield BOM + written(
            [
                gettext("Date"),
                gettext("Événement"),
                gettext("Qui"),
                gettext("N° de client"),
                gettext("Précisions"),
            ]
        )
    last: Event | None = None
    while True:
        with tenant_context(caisse), translation.override(language):
            events = events_in_pieces(wanted=wanted, before=last, most=PIECE)
            text = "".join(written(_cells(line)) for line in journal_lines(events=events))
        if not events:
            return
        yield text
        last = events[-1]


def _cells(line: JournalLine) -> list[str]:
    client = line.client
    return [
        f"{timezone.localtime(line.at):%Y-%m-%d %H:%M:%S}",
        str(line.what),
        f"{client.last_name} {client.first_name}" if client else line.who,
        client.number if client else "",
        " · ".join(map(str, line.how)),
    ]


def written(cells: list[str]) -> str:
    """One line, which no spreadsheet computes."""
    line: str = csv.writer(_Line(), delimiter=SEPARATOR).writerow([_harmless(cell) for cell in cells])
    return line


def _harmless(cell: str) -> str:
    """OWASP, « CSV Injection »: an apostrophe first makes a text of it."""
    if _BELOW_NOTHING.fullmatch(cell):
        return cell
    return f"'{cell}" if unicodedata.normalize("NFKC", cell[:1]).startswith(_FORMULAS) else cell
