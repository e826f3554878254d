"""Whether a policy may be published: each finding names its rule, and where the rule comes from.

A rule is `law` only where an article of law says it. What a standard or a public body recommends is
`standard`; what the platform itself demands is `house`.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from tenants.policy.checks import (
    acceptances,
    identifier,
    journal,
    lockout,
    look,
    money,
    pawn,
    payments,
    recovery,
    second_factor,
    secret,
    senders,
    stay,
    words,
)
from tenants.policy.checks.finding import Finding, Label, Level, Rule
from tenants.policy.document import Policy

__all__ = ["RULES", "Finding", "Label", "Level", "Rule", "run_checks"]

_ON_SIGN_IN = (
    money,
    identifier,
    secret,
    second_factor,
    lockout,
    recovery,
    stay,
    senders,
    journal,
    pawn,
    payments,
)
_ALWAYS = (words, look)

RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.id: rule for theme in (*_ON_SIGN_IN, *_ALWAYS, acceptances) for rule in theme.RULES}
)
"""Every rule by its id."""


def run_checks(policy: Policy) -> list[Finding]:
    """Errors first, then by path. An empty list, or warnings only: it may be published.

    Nobody signs in at the front door: only its words and its look are checked.
    """
    checks: list[Callable[[Policy], Iterator[Finding]]] = [theme.find for theme in _ALWAYS]
    if policy.caisse.kind != "front":
        checks.extend(theme.find for theme in _ON_SIGN_IN)
    found = [finding for check in checks for finding in check(policy)]
    judged = acceptances.applied(policy, found, RULES)
    return sorted(judged, key=lambda finding: (finding.level != "error", finding.path, finding.rule))
