"""Publish a version of the current caisse's policy, or bring an old one back as a new one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from guichet.tenancy.connection import connection
from tenants.policy.checks import Finding, run_checks
from tenants.policy.models import PolicyVersion
from tenants.policy.stored import document_digest, parse_stored
from tenants.reports.ask_report import ask_for_report


class PolicyRefusedError(ValueError):
    """The checks found errors; `findings` holds them."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = findings


class NoSuchVersionError(LookupError):
    """The caisse never published that number."""


def publish_policy(*, document: Mapping[str, Any], author: str, reason: str, at: datetime) -> PolicyVersion:
    """Check, store as the next version and make it the one in force. Raises PolicyRefusedError."""
    errors = [finding for finding in run_checks(parse_stored(document)) if finding.level == "error"]
    if errors:
        raise PolicyRefusedError(errors)
    with transaction.atomic():
        last = PolicyVersion.objects.order_by("-number").first()
        version = PolicyVersion.objects.create(
            number=(last.number if last else 0) + 1,
            document=dict(document),
            digest=document_digest(document),
            author=author,
            reason=reason,
            published_at=at,
        )
        with connection.cursor() as cursor:
            # The caisse may not write its public row: this function moves the number for the caller's caisse only.
            cursor.execute("SELECT guichet_policy_published(%s)", [version.number])
        ask_for_report(at=at)
    connection.tenant.policy_version = version.number
    return version


def roll_back_policy(*, to: int, author: str, reason: str, at: datetime) -> PolicyVersion:
    """History is not rewritten: the old document is published again under a new number.

    Name, town and domains stay as they are: they stand in the public row, which only a caisse file changes. So does
    the colour of the caisse on the front door.
    Raises NoSuchVersionError, PolicyRefusedError.
    """
    versions = {
        each.number: each
        for each in PolicyVersion.objects.filter(number__in=(to, connection.tenant.policy_version))
    }
    if to not in versions:
        raise NoSuchVersionError
    current = versions[connection.tenant.policy_version].document
    document = {**versions[to].document, "caisse": current["caisse"]}
    return publish_policy(document=document, author=author, reason=reason, at=at)
