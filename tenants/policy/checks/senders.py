"""Which messages may take another way when theirs fails; how many SMS strangers may spend."""

from collections.abc import Iterator

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.checks.secret import ASVS
from tenants.policy.document import Policy

_CODE = Rule("code-by-mail", "standard", f"{ASVS}, V6.3.6")
_SECRET = Rule(
    "secret-by-another-way",
    "house",
    f"{HOUSE} : un code prouve le chemin par lequel il est arrivé, et lui seul",
)
_SHARE = Rule(
    "sms-asked-share",
    "house",
    f"{HOUSE} : qui n’est pas connecté ne dépense pas les codes de ceux qui se connectent",
)
RULES = (_CODE, _SECRET, _SHARE)

_LARGEST_SHARE = 50

# Those that only tell what was done. What a code or a link opens was meant for the holder of one address.
_NOTICES = frozenset(
    {
        "access_closed",
        "account_unlocked",
        "devices_forgotten",
        "new_sign_in",
        "recovery_done",
        "appointment_booked",
        "appointment_cancelled",
        "appointment_moved",
        "appointment_reminder",
    }
)


def find(policy: Policy) -> Iterator[Finding]:
    yield from _share(policy)
    for kind in policy.senders.fallbacks:
        if kind == "sms_code":
            yield _CODE.error(
                "senders.fallbacks",
                "retirez le code de connexion : un code envoyé par e-mail ne prouve pas que l’on tient le téléphone,"
                " et l’e-mail sert déjà à retrouver l’accès",
            )
        elif kind not in _NOTICES:
            yield _SECRET.error(
                "senders.fallbacks",
                f"retirez « {kind} » : il ouvre un accès, et ne part que par son propre chemin",
            )


def _share(policy: Policy) -> Iterator[Finding]:
    """Strangers who ask for recoveries must leave most of the day's SMS to the codes."""
    senders, path = policy.senders, "senders.sms_asked_share"
    if senders.sms_asked_share > _LARGEST_SHARE:
        yield _SHARE.warning(
            path,
            f"gardez {_LARGEST_SHARE} % au plus : au-delà, des inconnus peuvent dépenser les SMS dont la connexion a"
            " besoin",
        )
    elif senders.sms_per_day and not senders.sms_asked_per_day and _asks_by_sms(policy):
        yield _SHARE.warning(
            path,
            "cette part ne laisse partir aucun SMS de secret oublié ou de première connexion : augmentez-la",
        )


def _asks_by_sms(policy: Policy) -> bool:
    recovery, activation = policy.recovery, policy.activation
    by_recovery = "sms_code" in (*recovery.proofs, *recovery.proofs_without_email)
    by_activation = "sms_password" in activation.sends and activation.asked_by_client
    return (recovery.by_client and by_recovery) or by_activation
