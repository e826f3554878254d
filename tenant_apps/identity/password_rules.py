"""The rules of a new password, in words: the same on the screen, in a mail and in an answer."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenant_apps.identity.domain.passwords import Requirement, RuleKind, Strength, requirements
from tenants.policy.document import Policy


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One line of the checklist. `met` is None while nothing was typed."""

    kind: RuleKind
    least: int
    text: str
    met: bool | None = None


def rule_lines(*, policy: Policy, typed: str = "") -> list[RuleLine]:
    """With numbers from the policy; `typed` says which of them are met."""
    return [
        RuleLine(each.kind, each.least, in_words(each), each.count(typed) >= each.least if typed else None)
        for each in requirements(policy.secret.password)
    ]


def in_words(asked: Requirement) -> str:
    """« 12 caractères au moins »."""
    words = {
        "length": ngettext("%(count)s caractère au moins", "%(count)s caractères au moins", asked.least),
        "special": ngettext(
            "%(count)s caractère spécial au moins, comme un tiret ou un point",
            "%(count)s caractères spéciaux au moins, comme un tiret ou un point",
            asked.least,
        ),
        "digits": ngettext("%(count)s chiffre au moins", "%(count)s chiffres au moins", asked.least),
        "upper": ngettext("%(count)s majuscule au moins", "%(count)s majuscules au moins", asked.least),
        "lower": ngettext("%(count)s minuscule au moins", "%(count)s minuscules au moins", asked.least),
    }
    return words[asked.kind] % {"count": asked.least}


def strength_words() -> dict[Strength, str]:
    """No page knows all that the server will refuse: a name or a birth date must not stand on one."""
    return {
        "weak": _("faible"),
        "fair": _("moyenne, si vous suivez aussi les deux dernières règles"),
        "strong": _("bonne, si vous suivez aussi les deux dernières règles"),
    }
