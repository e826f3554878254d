"""Which messages may take another way when theirs fails."""

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
RULES = (_CODE, _SECRET)

# Those that only tell what was done. What a code or a link opens was meant for the holder of one address.
_NOTICES = frozenset({"account_unlocked", "devices_forgotten", "new_sign_in", "recovery_done"})


def find(policy: Policy) -> Iterator[Finding]:
    for kind in policy.senders.fallbacks:
        if kind == "sms_code":
            yield _CODE.error(
                "senders.fallbacks",
                "retirez sms_code : un code envoyé par courriel ne prouve pas que l’on tient le téléphone, et le"
                " courriel sert déjà à retrouver l’accès",
            )
        elif kind not in _NOTICES:
            yield _SECRET.error(
                "senders.fallbacks",
                f"retirez {kind} : il ouvre un accès, et ne part que par son propre chemin",
            )
