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
_FIRST = Rule("first-secret", "house", f"{HOUSE} : une première connexion a un chemin, et un seul")
_NIR = Rule(
    "nir-not-mailed", "house", f"{HOUSE} : un courriel se lit en chemin, le NIR identifie une personne à vie"
)

RULES = (_ONE_CHANNEL, _CODE, _LINK, _FIRST, _NIR)

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
    yield from _first_secret(policy)
    for path, way in (("recovery", recovery), ("activation", activation)):
        if way.code.bits < _LEAST_BITS:
            yield _CODE.error(f"{path}.code.length", "six chiffres au moins, ou quatre lettres et chiffres")
        if way.link_lifetime > _LONGEST_LINK:
            yield _LINK.warning(
                f"{path}.link_lifetime",
                f"un lien qui ouvre un compte vit {write_duration(_LONGEST_LINK)} au plus",
            )


def _first_secret(policy: Policy) -> Iterator[Finding]:
    sends = policy.activation.sends
    ways = [way for way in sends if way != "email_identifier"]
    if len(ways) > 1:
        yield _FIRST.error(
            "activation.sends", "gardez un seul envoi qui ouvre : le lien, le mot de passe ou la lettre"
        )
    if not ways and (sends or policy.activation.asked_by_client):
        yield _FIRST.error("activation.sends", "ajoutez ce qui ouvre : le lien, le mot de passe ou la lettre")
    if "sms_password" in sends and policy.secret.kind == "pin":
        yield _FIRST.error(
            "activation.sends", "un mot de passe ne se tape pas sur le pavé : envoyez un lien ou une lettre"
        )
    if "email_identifier" in sends and policy.identifier.kind == "nir":
        yield _NIR.error("activation.sends", "retirez l’identifiant du courriel")


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
