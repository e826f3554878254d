"""How long addresses stay in the journal."""

from collections.abc import Iterator
from datetime import timedelta

from tenants.policy.checks.finding import Finding, Rule
from tenants.policy.document import Policy

_KEPT = Rule(
    "journal-addresses", "standard", "CNIL, délibération 2021-122 du 14 octobre 2021 (journalisation)"
)
SHORTEST, LONGEST = timedelta(days=180), timedelta(days=366)

RULES = (_KEPT,)


def find(policy: Policy) -> Iterator[Finding]:
    """Six months to a year; longer where the caisse can say why."""
    if not SHORTEST <= policy.journal.addresses_kept <= LONGEST:
        yield _KEPT.warning(
            "journal.addresses_kept", "la CNIL recommande entre six mois et un an, sauf raison écrite"
        )
