"""What the current caisse says of itself, written where the GIE reads it."""

import json
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from guichet.tenancy.connection import connection
from tenants.policy.checks import run_checks
from tenants.policy.checks.finding import Finding
from tenants.policy.current import current_policy
from tenants.policy.document import Policy
from tenants.policy.models import PolicyDraft, PolicyVersion
from tenants.policy.selectors import draft_here, latest_versions
from tenants.policy.served import unserved
from tenants.reports.figures import Value, count_now

# As the function of the database has it.
MOST_FINDINGS = MOST_VERSIONS = 100


@transaction.atomic
def write_report(*, now: datetime, asked_at: datetime | None = None) -> None:
    """Replaces the one before. Two at once leave one: the database keeps what was counted last.

    `asked_at`: when a worker was asked for it. What is no count, moment or word of the policy, the database refuses.
    """
    policy = current_policy()
    versions = latest_versions(most=MOST_VERSIONS)
    report = {
        "lag": max(0, int((now - asked_at).total_seconds())) if asked_at else None,
        "facts": _facts(policy, versions),
        "figures": {name: _plain(value) for name, value in count_now(now=now).items()},
        "findings": [_finding(each) for each in run_checks(policy)[:MOST_FINDINGS]],
        "versions": [_version(each) for each in versions],
        "draft": _draft(draft_here()),
    }
    with connection.cursor() as cursor:
        # The caisse may not write in `public`: this function writes the row of the caller's caisse only.
        cursor.execute("SELECT guichet_caisse_report(%s::jsonb)", [json.dumps(report)])


def _facts(policy: Policy, versions: list[PolicyVersion]) -> dict[str, Any]:
    number = connection.tenant.policy_version
    published = next(each for each in versions if each.number == number)
    return {
        "version": number,
        "published_at": _plain(published.published_at),
        "body": policy.caisse.body,
        "theme": policy.brand.theme,
        "identifier": policy.identifier.kind,
        "secret": policy.secret.kind,
        "second_factor": list(policy.second_factor.methods),
        "second_factor_required": policy.second_factor.required,
        "products": list(policy.products),
        "unserved": [str(way) for way in unserved(policy)],
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "level": finding.level,
        "label": finding.label,
        "rule": finding.rule,
        "source": finding.source,
        "path": finding.path,
        "message": finding.message,
    }


def _version(version: PolicyVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "author": version.author,
        "reason": version.reason,
        "at": _plain(version.published_at),
    }


def _draft(draft: PolicyDraft | None) -> dict[str, Any] | None:
    """That it waits; what it holds stays in the caisse until it is published."""
    if draft is None:
        return None
    return {"author": draft.saved_by, "at": _plain(draft.saved_at), "written_from": draft.written_from}


def _plain(value: Value) -> int | str | None:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
