"""Whether a forgotten secret opens less than the secret did."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.checks.money import moves_money
from tenants.policy.checks.secret import ASVS
from tenants.policy.document import Policy
from tenants.policy.durations import write_duration
from tenants.policy.sections.ways_in import CodeRules

_ONE_CHANNEL = Rule("one-channel", "house", f"{HOUSE} : deux preuves par le même chemin n’en font qu’une")
_CODE = Rule("code-length", "standard", f"{ASVS}, V6.5.4")
_LINK = Rule("link-lifetime", "house", f"{HOUSE}, d’après {ASVS}, V6.4.1")

RULES = (_ONE_CHANNEL, _CODE, _LINK)

# What V6.5.4 itself calls sufficient: six digits, a little under its 20 bits.
_LEAST_BITS = CodeRules(length=6, alphabet="digits", lifetime=timedelta(minutes=1)).bits
_LONGEST_LINK = timedelta(hours=24)
_CHANNELS = {
    # No proof, yet without it whoever holds the phone does not know what to sign in with.
    "email_identifier": "email",
    "email_link": "email",
    "email_code": "email",
    "sms_code": "sms",
    "sms_password": "sms",
    "letter_code": "letter",
}


def find(policy: Policy) -> Iterator[Finding]:
    recovery, activation = policy.recovery, policy.activation
    yield from _proofs(policy, "recovery.proofs", recovery.proofs)
    yield from _proofs(policy, "recovery.proofs_without_email", recovery.proofs_without_email)
    yield from _same_as_second_step(policy, "activation.sends", activation.sends)
    for path, way in (("recovery", recovery), ("activation", activation)):
        if way.code.bits < _LEAST_BITS:
            yield _CODE.error(f"{path}.code.length", "six chiffres au moins, ou quatre lettres et chiffres")
        if way.link_lifetime > _LONGEST_LINK:
            yield _LINK.warning(
                f"{path}.link_lifetime",
                f"un lien qui ouvre un compte vit {write_duration(_LONGEST_LINK)} au plus",
            )


def _proofs(policy: Policy, path: str, proofs: Collection[str]) -> Iterator[Finding]:
    channels = [_CHANNELS[proof] for proof in proofs]
    if len(set(channels)) < len(channels):
        yield _ONE_CHANNEL.error(
            path,
            "un lien et un code envoyés au même endroit ne sont qu’une seule preuve : changez l’un des deux",
        )
    yield from _same_as_second_step(policy, path, proofs)


def _same_as_second_step(policy: Policy, path: str, proofs: Collection[str]) -> Iterator[Finding]:
    """Who holds the phone would have both the new secret and the second factor."""
    channels = {_CHANNELS[proof] for proof in proofs}
    if channels == {"sms"} and moves_money(policy) and "sms" in policy.second_factor.methods:
        yield _ONE_CHANNEL.error(
            path, "de l’argent bouge : le téléphone seul donnerait le secret et la seconde étape"
        )
