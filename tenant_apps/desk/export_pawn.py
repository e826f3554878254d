"""What pawn loans moved in a day, for the accountant's spreadsheet. Its headings are French, as the books are."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone, translation
from django_tenants.utils import tenant_context

from guichet.kernel.money import ZERO, Money, total
from tenant_apps.desk.export_journal import BOM, written
from tenant_apps.desk.pawn_words import SOURCES, operation_label
from tenant_apps.identity.people import names_of
from tenant_apps.journal.record import record
from tenant_apps.pawn.domain.operations import IN_THE_BOOKS, PAID_OUT, Part
from tenant_apps.pawn.models import Operation
from tenant_apps.pawn.selectors import operations_between
from tenant_apps.pawn.wording import MEANS
from tenants.models import Caisse

EXPORTED = "pawn.exported"
PIECE = 500
HEADINGS = (
    "Date",
    "Contrat",
    "N° de client",
    "Opération",
    "Moyen",
    "Entrée",
    "Sortie",
    "Capital prêté",
    "Capital remboursé",
    "Intérêts",
    "Droit fixe",
    "Pénalité",
    "Frais",
    "Boni",
    "Manque",
    "Référence",
    "Reçu",
    "Agent",
)
_COLUMNS: tuple[tuple[Part, ...], ...] = (
    (Part.LENT,),
    (Part.CAPITAL,),
    (Part.INTEREST, Part.MINIMUM),
    (Part.FIXED_FEE,),
    (Part.PENALTY,),
    (Part.ACT,),
    (Part.BONI,),
    (Part.DEFICIT,),
)


def note_day_export(*, day: date, by: UUID) -> None:
    """Who took what away."""
    record(kind=EXPORTED, at=timezone.now(), by=str(by), day=day.isoformat())


def day_csv(*, day: date, caisse: Caisse) -> Iterator[str]:
    """It is read while the response leaves, when the request has left its caisse: all of it is asked for in one go,
    a day being short, so that nothing stays set between two pieces.
    """
    yield BOM + written(list(HEADINGS))
    since, until = bounds_of(day)
    with tenant_context(caisse), translation.override("fr"):
        pieces = operations_between(since=since, until=until, piece=PIECE)
        text = "".join(row for piece in pieces for row in _rows(piece))
    yield text


def bounds_of(day: date) -> tuple[datetime, datetime]:
    first = timezone.make_aware(datetime.combine(day, time()))
    return first, timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def _rows(operations: Sequence[Operation]) -> Iterator[str]:
    """One query for the names of those who acted."""
    staff = names_of(uuids={each.by for each in operations if each.by})
    return (written(_cells(each, staff)) for each in operations)


def _cells(operation: Operation, staff: Mapping[UUID, str]) -> list[str]:
    out, still = operation.kind in PAID_OUT, operation.kind in IN_THE_BOOKS
    lines = operation.lines.all()
    return [
        f"{timezone.localtime(operation.at):%Y-%m-%d %H:%M:%S}",
        operation.contract.number,
        operation.contract.client.number,
        str(operation_label(operation)),
        str(MEANS[operation.means] if operation.means else SOURCES[_source(operation)]),
        _sum(ZERO if out or still else operation.amount),
        _sum(operation.amount if out else ZERO),
        *(_sum(total(each.amount for each in lines if each.part in column)) for column in _COLUMNS),
        str(operation.uuid),
        operation.receipt,
        staff.get(operation.by, "") if operation.by else "",
    ]


def _source(operation: Operation) -> str:
    """What a bank has back goes where it came from."""
    payment = operation.takes_back
    return payment.source if payment is not None else operation.source


def _sum(amount: Money) -> str:
    """As a French spreadsheet reads a number; nothing where nothing moved."""
    return str(amount).replace(".", ",") if amount else ""
