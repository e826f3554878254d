"""Whether a forgotten secret opens less than the secret did."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.checks.money import moves_money
from tenants.policy.checks.secret import ASVS
from tenants.policy.document import Policy
from tenants.policy.durations import write_duration
from tenants.policy.sections.ways_in import CodeRules, Proof

_ONE_CHANNEL = Rule("one-channel", "house", f"{HOUSE} : deux preuves par le même chemin n’en font qu’une")
_CODE = Rule("code-length", "standard", f"{ASVS}, V6.5.4")
_LINK = Rule("link-lifetime", "house", f"{HOUSE}, d’après {ASVS}, V6.4.1")
_FIRST = Rule("first-secret", "house", f"{HOUSE} : une première connexion a un chemin, et un seul")
_NIR = Rule(
    "nir-not-mailed", "house", f"{HOUSE} : un e-mail se lit en chemin, le NIR identifie une personne à vie"
)
_WITHOUT_EMAIL = Rule("without-email", "house", f"{HOUSE} : sans adresse e-mail, rien ne passe par un e-mail")
_ONE_CODE = Rule("one-code", "house", f"{HOUSE} : une demande a un lien, un code, ou les deux")
_TOGETHER = Rule(
    "proofs-together", "house", f"{HOUSE} : ce qui sert ensemble vit aussi longtemps l’un que l’autre"
)
_FINDS = Rule("identifier-found", "house", f"{HOUSE} : un dossier se trouve, puis se vérifie")
_LOCK = Rule("lock-kept", "house", f"{HOUSE} : ce que seule l’agence ouvre, un e-mail ne l’ouvre pas")

RULES = (_ONE_CHANNEL, _CODE, _LINK, _FIRST, _NIR, _WITHOUT_EMAIL, _ONE_CODE, _TOGETHER, _FINDS, _LOCK)

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
    if {_CHANNELS[proof] for proof in recovery.proofs_without_email} & {"email"}:
        yield _WITHOUT_EMAIL.error(
            "recovery.proofs_without_email", "gardez le SMS ou la lettre, ou rien : ce sera à l’agence"
        )
    yield from _same_as_second_step(policy, "activation.sends", activation.sends)
    yield from _first_secret(policy)
    yield from _forgotten_identifier(policy)
    if recovery.by_client and recovery.lifts == "everything" and policy.lockout.until_agency:
        yield _LOCK.warning(
            "recovery.lifts", "un nouveau secret rouvre l’accès que seule l’agence devait rouvrir"
        )
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
        yield _NIR.error("activation.sends", "retirez l’identifiant de l’e-mail")


def _forgotten_identifier(policy: Policy) -> Iterator[Finding]:
    path, asks = "recovery.identifier_asks", policy.recovery.identifier_asks
    if not asks:
        return
    if "client_number" not in asks:
        yield _FINDS.error(path, "demandez le numéro de client : c’est lui qui dit de quel dossier il s’agit")
    if len(asks) == 1:
        yield _FINDS.error(
            path, "demandez aussi ce que d’autres ne savent pas : la date de naissance, un contrat"
        )
    if "contract_number" in asks and "pawn_loans" not in policy.products:
        yield _FINDS.error(path, "retirez le numéro de contrat : cet espace n’a pas de contrats")
    if policy.identifier.kind == "nir":
        yield _NIR.error(path, "l’identifiant ne peut pas être rappelé par e-mail : ne demandez rien")


def _proofs(policy: Policy, path: str, proofs: Collection[Proof]) -> Iterator[Finding]:
    channels = [_CHANNELS[proof] for proof in proofs]
    codes = [proof for proof in proofs if proof != "email_link"]
    if len(codes) > 1:
        yield _ONE_CODE.error(path, "gardez un seul code")
    if len(codes) < len(proofs) and len({policy.recovery.lifetime_of(proof) for proof in proofs}) > 1:
        yield _TOGETHER.warning(
            path,
            "le lien et le code servent ensemble, jusqu’au premier qui finit : donnez-leur la même durée",
        )
    if len(set(channels)) < len(channels):
        yield _ONE_CHANNEL.error(
            path,
            "un lien et un code envoyés au même endroit ne sont qu’une seule preuve : changez l’un des deux",
        )
    yield from _same_as_second_step(policy, path, proofs)


def _same_as_second_step(policy: Policy, path: str, proofs: Collection[str]) -> Iterator[Finding]:
    """Who holds the phone would have both the new secret and the second factor."""
    factor, channels = policy.second_factor, {_CHANNELS[proof] for proof in proofs}
    if channels != {"sms"} or "sms" not in factor.methods:
        return
    if moves_money(policy):
        yield _ONE_CHANNEL.error(
            path, "de l’argent bouge : le téléphone seul donnerait le secret et la seconde étape"
        )
    elif factor.required:
        yield _ONE_CHANNEL.warning(
            path,
            "le téléphone seul donne le secret et la seconde étape : ajoutez un autre chemin, ou retirez le SMS des"
            " moyens",
        )
