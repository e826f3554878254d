"""How long one stays signed in, and the terms one stays under."""

from collections.abc import Iterator

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.document import Policy

_SESSION = Rule("session-order", "house", HOUSE)
_TERMS = Rule("terms-version", "house", HOUSE)

RULES = (_SESSION, _TERMS)


def find(policy: Policy) -> Iterator[Finding]:
    if policy.session.absolute < policy.session.idle:
        yield _SESSION.error("session.absolute", "plus court que l’inactivité permise (session.idle)")
    if policy.terms.required and policy.terms.version is None:
        yield _TERMS.error("terms.version", "accepter des conditions est exigé, et aucune n’est nommée")
