"""How hard the secret is to guess, and what is asked of the person who makes it."""

import math
from collections.abc import Iterator

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.checks.money import proves_possession
from tenants.policy.document import Policy
from tenants.policy.sections.secret import PasswordRules

CNIL = "CNIL, délibération n° 2022-100 du 21 juillet 2022 (recommandation)"
ASVS = "OWASP ASVS 5.0"

_PASSWORD_BITS = Rule("password-bits", "standard", CNIL, acceptable=True)
_PIN_ALONE = Rule("pin-alone", "standard", CNIL, acceptable=True)
_SHORT = Rule("password-short", "standard", f"{ASVS}, V6.2.1")
_CAPPED = Rule("password-capped", "standard", f"{ASVS}, V6.2.9")
_CLASSES = Rule("password-classes", "standard", f"{ASVS}, V6.2.5")
_COHERENT = Rule("password-coherent", "house", HOUSE)

RULES = (_PASSWORD_BITS, _PIN_ALONE, _SHORT, _CAPPED, _CLASSES, _COHERENT)

_RESTRICTED, _ALONE = 50.0, 80.0
# The CNIL's own example for 80 bits, 12 characters out of 99, has 79.55.
_ROUNDING = 0.5
_MOST_TRIES_WHEN_RESTRICTED = 10
_LEAST_LENGTH, _LEAST_MAXIMUM = 8, 64
_LOWER, _UPPER, _DIGITS, _SPECIAL = 26, 26, 10, 37


def password_bits(rules: PasswordRules) -> float:
    """Of the weakest password that the rules let through: small letters, and the classes that are imposed."""
    imposed = ((rules.min_upper, _UPPER), (rules.min_digits, _DIGITS), (rules.min_special, _SPECIAL))
    alphabet = _LOWER + sum(size for asked, size in imposed if asked)
    return rules.min_length * math.log2(alphabet)


def pin_bits(length: int) -> float:
    """A PIN of six digits has 19.9."""
    return length * math.log2(10)


def find(policy: Policy) -> Iterator[Finding]:
    if policy.secret.kind == "pin":
        yield from _pin(policy)
    else:
        yield from _strength(policy)
        yield from _composition(policy.secret.password)


def _pin(policy: Policy) -> Iterator[Finding]:
    bits = pin_bits(policy.secret.pin.length)
    if bits < _RESTRICTED and not proves_possession(policy):
        yield _PIN_ALONE.error(
            "secret.kind",
            f"un code secret de {policy.secret.pin.length} chiffres a {_shown(bits)} bits ; la CNIL en demande"
            f" {_RESTRICTED:.0f} : exigez une seconde étape (SMS, application), ou que le responsable du traitement"
            " signe l’acceptation du risque",
        )


def _strength(policy: Policy) -> Iterator[Finding]:
    bits = password_bits(policy.secret.password)
    restricted = policy.lockout.max_failures <= _MOST_TRIES_WHEN_RESTRICTED
    asked = _RESTRICTED if restricted else _ALONE
    if bits >= asked - _ROUNDING:
        return
    how = "avec un blocage après des échecs" if restricted else "sans blocage après dix échecs au plus"
    say = _PASSWORD_BITS.warning if proves_possession(policy) else _PASSWORD_BITS.error
    yield say(
        "secret.password.min_length",
        f"ces règles laissent passer un mot de passe de {_shown(bits)} bits ; la CNIL en demande {asked:.0f} {how}",
    )


def _composition(rules: PasswordRules) -> Iterator[Finding]:
    classes = rules.min_special + rules.min_digits + rules.min_upper + rules.min_lower
    if rules.min_length < _LEAST_LENGTH:
        yield _SHORT.error("secret.password.min_length", f"{_LEAST_LENGTH} caractères au moins")
    if rules.max_length < _LEAST_MAXIMUM:
        yield _CAPPED.error(
            "secret.password.max_length", f"un mot de passe de {_LEAST_MAXIMUM} caractères doit être accepté"
        )
    if classes:
        yield _CLASSES.warning(
            "secret.password",
            "imposer des sortes de caractères est un usage ancien, que la norme interdit : allongez plutôt",
        )
    if rules.min_length > rules.max_length or classes > rules.max_length:
        yield _COHERENT.error("secret.password", "aucun mot de passe ne peut satisfaire ces règles")


def _shown(bits: float) -> str:
    return f"{bits:.1f}".replace(".", ",")
