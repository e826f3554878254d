"""The only doors to tariffs of the current caisse."""

from datetime import date
from functools import lru_cache
from uuid import UUID

from guichet.tenancy.connection import connection
from tenant_apps.pawn.domain.tariffs.document import TariffDocument
from tenant_apps.pawn.domain.tariffs.stored import parse_stored
from tenant_apps.pawn.domain.tariffs.tariff import Tariff as Computed
from tenant_apps.pawn.domain.tariffs.tariff import tariff_of
from tenant_apps.pawn.tariffs.models import Tariff


class NoTariffError(LookupError):
    """The caisse has no tariff in force that day, or none of that id."""


def tariff_in_force(*, on: date) -> Tariff:
    """For a loan signed that day. Raises NoTariffError."""
    found = Tariff.objects.filter(valid_from__lte=on).order_by("-valid_from", "-number").first()
    if found is None:
        raise NoTariffError
    return found


def tariffs_here() -> list[Tariff]:
    """The latest first, without their documents; a corrected one stands below its correction."""
    return list(Tariff.objects.defer("document").order_by("-valid_from", "-number"))


def latest_from(*, valid_from: date) -> Tariff | None:
    """Of that first day, the one that holds."""
    return Tariff.objects.filter(valid_from=valid_from).order_by("-number").first()


def signed_under(*, tariff: Tariff) -> bool:
    """Whether any row, a contract's first of all, refers to it."""
    return any(
        getattr(tariff, str(relation.get_accessor_name())).exists()
        for relation in Tariff._meta.related_objects
    )


def computed(*, uuid: UUID) -> Computed:
    """Ready to compute with: parsed once in the process, since a row never changes. Raises NoTariffError."""
    return _computed(connection.settings_dict["NAME"], connection.schema_name, uuid)


@lru_cache(maxsize=1024)
def _computed(database: str, schema: str, uuid: UUID) -> Computed:
    row = Tariff.objects.filter(uuid=uuid).first()
    if row is None:
        raise NoTariffError
    return tariff_of(parse_stored(row.document))


def document_of(*, tariff: Tariff) -> TariffDocument:
    return parse_stored(tariff.document)
