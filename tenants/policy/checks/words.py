"""What a caisse writes in its own words: no number that the policy could contradict."""

import re
from collections.abc import Iterator

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.document import Policy
from tenants.policy.sections.base import LocalText

_LITERAL = Rule("literal-in-text", "house", f"{HOUSE} : durées et longueurs viennent de la politique")
_AUDIT = Rule("accessibility-audit", "house", f"{HOUSE} : « non conforme » tant qu’aucun audit ne dit mieux")

RULES = (_LITERAL, _AUDIT)

_NUMBER = (
    r"(?:\d+|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|soixante"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty)"
)
_TIME = r"secondes?|seconds?|s|minutes?|min|mn|heures?|hours?|h"
_COUNT = (
    r"caractères?|characters?|signes?|chiffres?|digits?|lettres?|letters?"
    r"|essais?|tentatives?|échecs?|tries|attempts?|failures?"
)
_DAYS = r"jours?|days?"


def _pattern(units: str) -> re.Pattern[str]:
    return re.compile(rf"\b{_NUMBER}[\s-]*(?:{units})\b", re.IGNORECASE)


_ANY = _pattern(f"{_TIME}|{_COUNT}|{_DAYS}")
# Legal pages count days that no policy decides: a period of withdrawal, a delay of answer.
_BUT_DAYS = _pattern(f"{_TIME}|{_COUNT}")


def find(policy: Policy) -> Iterator[Finding]:
    for path, text, pattern in _texts(policy):
        for language, written in (("fr", text.fr), ("en", text.en)):
            found = pattern.search(written)
            if found:
                yield _LITERAL.error(
                    f"{path}.{language}",
                    f"« {found[0]} » : une durée ou une longueur ne s’écrit pas ici, elle contredirait un jour"
                    " la politique ; les écrans la prennent d’elle",
                )
    accessibility = policy.texts.accessibility
    if accessibility.state != "none" and accessibility.audit is None:
        yield _AUDIT.error(
            "texts.accessibility.state",
            "nommez l’audit qui l’établit, ou déclarez de nouveau « non conforme »",
        )


def _texts(policy: Policy) -> list[tuple[str, LocalText, re.Pattern[str]]]:
    """Opening hours are hours: the only free text that is not read here."""
    texts, identifier = policy.texts, policy.identifier
    return [
        ("identifier.label", identifier.label, _ANY),
        ("identifier.hint", identifier.hint, _ANY),
        ("texts.notice", texts.notice, _ANY),
        ("texts.welcome", texts.welcome, _ANY),
        ("texts.signature", texts.signature, _ANY),
        ("texts.legal", texts.legal, _BUT_DAYS),
        ("texts.privacy", texts.privacy, _BUT_DAYS),
        ("terms.text", policy.terms.text, _BUT_DAYS),
    ]
