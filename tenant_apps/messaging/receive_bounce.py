"""A mail that came back, whichever caisse sent it."""

from dataclasses import dataclass
from datetime import datetime

from django_tenants.utils import tenant_context

from guichet.tenancy.signing import keyring_of
from tenant_apps.messaging.domain.returns import Why, read_report
from tenant_apps.messaging.note_return import note_return
from tenant_apps.messaging.references import Reference, UnknownReferenceError, read_return_address
from tenant_apps.messaging.send_again import NoSuchMessageError
from tenants.models import Caisse
from tenants.selectors import caisses_with_schema


class NobodysBounceError(LookupError):
    """It was sent to no address that a message of ours had made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """`why` is None for a report of a delay or of a success. `news`: the outbox did not know it yet."""

    schema: str
    reference: Reference
    why: Why | None
    news: bool


def receive_bounce(*, data: bytes, to: str, now: datetime) -> Received:
    """`data`: the report as the mail server has it. `to`: the address it was sent to; empty: as its headers say.

    Raises NotAReportError, NobodysBounceError.
    """
    report = read_report(data, to=to)
    for address in report.sent_to:
        found = _named_by(address)
        if found is None:
            continue
        caisse, reference = found
        with tenant_context(caisse):
            try:
                news = report.why is not None and note_return(reference=reference, why=report.why, now=now)
            except NoSuchMessageError as error:
                raise NobodysBounceError from error
        return Received(schema=caisse.schema_name, reference=reference, why=report.why, news=news)
    raise NobodysBounceError


def _named_by(address: str) -> tuple[Caisse, Reference] | None:
    """The address says which caisse to nobody: each is asked whether its key made it."""
    for caisse in caisses_with_schema():
        try:
            return caisse, read_return_address(address=address, keys=keyring_of(caisse.schema_name))
        except UnknownReferenceError:
            continue
    return None
