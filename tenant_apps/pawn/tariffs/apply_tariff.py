"""Apply a tariff to the current caisse: from its first day on, new loans are signed under it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from tenant_apps.pawn.domain.tariffs.check import check
from tenant_apps.pawn.domain.tariffs.document import TariffDocument
from tenant_apps.pawn.domain.tariffs.stored import parse_stored, to_store
from tenant_apps.pawn.tariffs.models import Tariff
from tenant_apps.pawn.tariffs.selectors import latest_from, signed_under
from tenants.policy.checks.finding import Finding


class TariffRefusedError(ValueError):
    """The check found errors; `findings` holds them."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = findings


class TariffSignedError(ValueError):
    """A loan was signed under the tariff of that first day: only a later one may differ."""


class AppliedMeanwhileError(RuntimeError):
    """Somebody else applied a tariff to this caisse in the same moment."""


@dataclass(frozen=True, slots=True)
class Applied:
    tariff: Tariff
    created: bool
    """False where the caisse had this very tariff already."""
    warnings: tuple[Finding, ...]


def apply_tariff(*, document: TariffDocument, author: str, reason: str, at: datetime) -> Applied:
    """The same tariff again changes nothing.

    Raises TariffRefusedError, TariffSignedError, AppliedMeanwhileError.
    """
    verdict = check(document)
    if verdict.errors:
        raise TariffRefusedError(verdict.errors)
    before = latest_from(valid_from=document.valid_from)
    if before is not None and parse_stored(before.document) == document:
        return Applied(before, created=False, warnings=verdict.findings)
    if before is not None and signed_under(tariff=before):
        raise TariffSignedError
    last = Tariff.objects.order_by("-number").first()
    try:
        with transaction.atomic():
            tariff = Tariff.objects.create(
                number=(last.number if last else 0) + 1,
                valid_from=document.valid_from,
                label=document.label,
                document=to_store(document),
                author=author,
                reason=reason,
                applied_at=at,
            )
    except IntegrityError as error:
        raise AppliedMeanwhileError from error
    return Applied(tariff, created=True, warnings=verdict.findings)
