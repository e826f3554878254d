"""How long one stays signed in, and the terms one stays under."""

from collections.abc import Iterator

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.document import Policy

_SESSION = Rule("session-order", "house", HOUSE)
_TERMS = Rule("terms-version", "house", HOUSE)

_TERMS_TEXT = Rule("terms-text", "house", HOUSE)

RULES = (_SESSION, _TERMS, _TERMS_TEXT)


def find(policy: Policy) -> Iterator[Finding]:
    if policy.session.absolute < policy.session.idle:
        yield _SESSION.error("session.absolute", "plus court que l’inactivité permise")
    if policy.terms.required and policy.terms.version is None:
        yield _TERMS.error("terms.version", "accepter des conditions est exigé, et aucune n’est nommée")
    if policy.terms.version is not None and not policy.terms.text:
        yield _TERMS_TEXT.error(
            "terms.text", "une version est nommée, et rien n’est écrit : que faut-il accepter ?"
        )
