"""What the client must prove besides the secret."""

from typing import Annotated, Literal

from pydantic import Field

from tenants.policy.durations import Duration, between
from tenants.policy.sections.base import Distinct, Section

Method = Literal["sms", "totp", "pin", "passkey"]


class SmsRules(Section):
    """One code per message, used once."""

    code_length: int = Field(ge=4, le=10, description="Le nombre de chiffres du code envoyé par SMS.")
    lifetime: Annotated[Duration, between("30 s", "1 h")] = Field(
        description="Le temps pendant lequel le code est valable.",
    )
    cool_down: Annotated[Duration, between("10 s", "1 h")] = Field(
        description="L’attente avant de pouvoir redemander un code.",
    )
    per_hour: int = Field(ge=1, le=20, description="Combien de codes par heure et par compte, au plus.")
    per_day: int = Field(ge=1, le=100, description="Combien de codes par jour et par compte, au plus.")


class SecondFactorSection(Section):
    """Several methods: the client chooses at the first connection."""

    methods: Annotated[tuple[Method, ...], Distinct] = Field(
        description=(
            "Les moyens offerts : code par SMS (sms), application (totp), code secret (pin), clé d’accès (passkey)."
        )
    )
    required: bool = Field(description="Si la connexion demande toujours une seconde étape.")
    blind: bool = Field(
        description="Si la seconde étape vient même quand le secret est faux, sans montrer le téléphone."
    )
    # RTS 2018/389 binds the code to one act; five minutes are its usual life, and ours at most.
    step_up_lifetime: Annotated[Duration, between("30 s", "5 min")] = Field(
        description="Le temps pour confirmer un acte sensible, puis pour l’achever une fois confirmé."
    )
    recovery_codes: int = Field(
        ge=0,
        le=20,
        description="Combien de codes de secours pour qui peut perdre son moyen (0 : aucun).",
    )
    trusted_days: int = Field(
        ge=0,
        le=365,
        description="Combien de jours un appareil de confiance passe sans seconde étape (0 : jamais).",
    )
    sms: SmsRules = Field(description="Les règles du code par SMS.")
