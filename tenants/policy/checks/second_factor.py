"""Whether the second step can be passed by its owner, and by nobody else."""

from collections.abc import Iterator
from datetime import timedelta

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.checks.money import moves_money
from tenants.policy.checks.secret import ASVS
from tenants.policy.document import Policy
from tenants.policy.durations import write_duration

_REACHABLE = Rule("second-factor-reachable", "house", HOUSE)
_PIN_TWICE = Rule("pin-twice", "house", f"{HOUSE} : un même code ne sert pas deux fois")
_LIFETIME = Rule("sms-lifetime", "standard", f"{ASVS}, V6.5.5")
_LENGTH = Rule("sms-length", "standard", f"{ASVS}, V6.5.4")
_ALTERNATIVE = Rule("sms-alone", "standard", f"{ASVS}, V6.6.1")
_ONE_STEP = Rule("one-step", "standard", f"{ASVS}, V6.3.3")
_RESENDING = Rule("sms-resending", "house", HOUSE)

_BLIND = Rule("blind-possible", "house", f"{HOUSE} : la seconde étape aveugle est la même page pour tous")

_RECOVERY = Rule("recovery-codes", "house", f"{HOUSE} : qui perd son moyen ne doit pas attendre l’agence")
_PAPER = Rule("recovery-codes-few", "house", HOUSE)
_ALONE = Rule("passkey-alone", "house", f"{HOUSE} : une clé synchronisée se copie d’un appareil à l’autre")
_SCRIPTS = Rule("passkey-scripts", "house", f"{HOUSE} : une clé d’accès demande JavaScript")

RULES = (
    _REACHABLE,
    _PIN_TWICE,
    _LIFETIME,
    _LENGTH,
    _ALTERNATIVE,
    _ONE_STEP,
    _RESENDING,
    _BLIND,
    _RECOVERY,
    _PAPER,
    _ALONE,
    _SCRIPTS,
)
LOSABLE = frozenset({"totp", "passkey"})
"""What goes with the thing that holds it. The agency replaces a phone number; nobody else has these keys."""


_LONGEST = timedelta(minutes=10)
_SHORTEST_CODE = 6
_FEWEST_CODES = 5


def find(policy: Policy) -> Iterator[Finding]:
    yield from _methods(policy)
    if policy.second_factor.required and policy.second_factor.blind:
        yield from _blind(policy)
    if "sms" in policy.second_factor.methods:
        yield from _sms(policy)
    yield from _losable(policy)
    yield from _passkeys(policy)


def _methods(policy: Policy) -> Iterator[Finding]:
    factor = policy.second_factor
    if factor.required and not factor.methods:
        yield _REACHABLE.error(
            "second_factor.methods", "une seconde étape est exigée, et aucun moyen n’est offert"
        )
    if not factor.required:
        yield _ONE_STEP.warning(
            "second_factor.required", "la connexion ne demande pas toujours une seconde étape"
        )
    if policy.secret.kind == "pin" and "pin" in factor.methods:
        yield _PIN_TWICE.error("second_factor.methods", "le code secret est déjà demandé à la première étape")
    if factor.methods == ("sms",):
        yield _ALTERNATIVE.warning(
            "second_factor.methods", "offrez aussi un moyen plus sûr que le SMS, comme une application"
        )


def _blind(policy: Policy) -> Iterator[Finding]:
    methods = policy.second_factor.methods
    if "pin" in methods and len(methods) > 1:
        yield _BLIND.error(
            "second_factor.methods",
            "aveugle, une seule page sert à tous : le code secret ne s’y mêle pas à un code reçu ou calculé",
        )
    if policy.lockout.max_failures == 1:
        yield _BLIND.error(
            "lockout.max_failures",
            "aveugle, la première étape compte déjà un essai : il en faut deux au moins, ou personne n’entre",
        )


def _sms(policy: Policy) -> Iterator[Finding]:
    sms = policy.second_factor.sms
    if sms.lifetime > _LONGEST:
        yield _LIFETIME.error(
            "second_factor.sms.lifetime", f"un code par SMS est valable {write_duration(_LONGEST)} au plus"
        )
    if sms.code_length < _SHORTEST_CODE:
        yield _LENGTH.error("second_factor.sms.code_length", f"{_SHORTEST_CODE} chiffres au moins")
    if sms.cool_down > sms.lifetime:
        yield _RESENDING.error(
            "second_factor.sms.cool_down", "le code expirerait avant que l’on puisse en demander un autre"
        )
    if sms.per_hour > sms.per_day:
        yield _RESENDING.error("second_factor.sms.per_hour", "plus de codes par heure que par jour")


def _losable(policy: Policy) -> Iterator[Finding]:
    factor = policy.second_factor
    if LOSABLE.isdisjoint(factor.methods):
        return
    if not factor.recovery_codes:
        yield _RECOVERY.warning(
            "second_factor.recovery_codes",
            "qui perd son téléphone n’entre plus : donnez des codes de secours",
        )
    elif factor.recovery_codes < _FEWEST_CODES:
        yield _PAPER.warning("second_factor.recovery_codes", f"{_FEWEST_CODES} codes au moins, ou aucun")


def _passkeys(policy: Policy) -> Iterator[Finding]:
    methods = policy.second_factor.methods
    if methods == ("passkey",):
        yield _SCRIPTS.error("second_factor.methods", "offrez aussi un moyen qui marche sans JavaScript")
    if not policy.secret.passkey_alone:
        return
    if "passkey" not in methods:
        yield _ALONE.error(
            "secret.passkey_alone", "ajoutez la clé d’accès aux moyens : personne n’aurait de clé"
        )
    if moves_money(policy):
        yield _ALONE.error(
            "secret.passkey_alone",
            "de l’argent bouge : la clé d’accès vient après le secret, elle ne le remplace pas",
        )
