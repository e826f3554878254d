"""Risks that the controller has signed for: they turn the error of a rule into a warning with a name on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.document import Policy
from tenants.policy.sections.acceptance import Acceptance
from tenants.policy.typography import french

_KNOWN = Rule("acceptance-known", "house", f"{HOUSE} : on n’accepte qu’un risque nommé")
_ALLOWED = Rule("acceptance-allowed", "house", f"{HOUSE} : la loi et les règles de sûreté ne s’acceptent pas")
_NEEDED = Rule("acceptance-needed", "house", HOUSE)

RULES = (_KNOWN, _ALLOWED, _NEEDED)


def applied(policy: Policy, found: Sequence[Finding], rules: Mapping[str, Rule]) -> list[Finding]:
    """The findings as the signatures leave them, and what is wrong with the signatures themselves."""
    signed = {acceptance.rule: acceptance for acceptance in policy.acceptances}
    judged = [_judged(finding, signed.get(finding.rule), rules) for finding in found]
    return [*judged, *_idle_signatures(policy, found, rules)]


def _judged(finding: Finding, signature: Acceptance | None, rules: Mapping[str, Rule]) -> Finding:
    if signature is None or finding.level != "error" or not rules[finding.rule].acceptable:
        return finding
    by = f" — risque accepté par {signature.signed_by} le {signature.on:%d/%m/%Y} : {signature.reason}"
    return replace(finding, level="warning", message=finding.message + french(by))


def _idle_signatures(
    policy: Policy, found: Sequence[Finding], rules: Mapping[str, Rule]
) -> Iterator[Finding]:
    broken = {finding.rule for finding in found if finding.level == "error"}
    for number, acceptance in enumerate(policy.acceptances):
        path = f"acceptances.{number}.rule"
        rule = rules.get(acceptance.rule)
        if rule is None:
            yield _KNOWN.error(path, f"aucune règle ne s’appelle « {acceptance.rule} »")
        elif not rule.acceptable:
            yield _ALLOWED.error(
                path, f"la règle « {rule.id} » ne peut pas être acceptée : changez la politique"
            )
        elif rule.id not in broken:
            yield _NEEDED.warning(
                path, f"la règle « {rule.id} » est respectée : cette acceptation ne sert plus"
            )
