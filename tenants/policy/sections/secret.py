"""What only the client knows: a password, or a PIN typed on the keypad."""

from typing import Literal

from pydantic import Field

from tenants.policy.sections.base import Section


class PasswordRules(Section):
    """How a new password must be made. Lengths count characters, never bytes."""

    min_length: int = Field(ge=1, le=64, description="Le nombre de caractères au moins.")
    max_length: int = Field(ge=8, le=256, description="Le nombre de caractères au plus.")
    min_special: int = Field(
        ge=0, le=8, description="Combien de caractères spéciaux au moins (0 : aucune exigence)."
    )
    min_digits: int = Field(ge=0, le=8, description="Combien de chiffres au moins (0 : aucune exigence).")
    min_upper: int = Field(ge=0, le=8, description="Combien de majuscules au moins (0 : aucune exigence).")
    min_lower: int = Field(ge=0, le=8, description="Combien de minuscules au moins (0 : aucune exigence).")


class PinRules(Section):
    """One PIN per person, as the secret or as a second step."""

    length: int = Field(ge=4, le=12, description="Le nombre de chiffres du code secret.")


class SecretSection(Section):
    """Only the rules of `kind` are applied, but a PIN may also be a second step."""

    kind: Literal["password", "pin"] = Field(
        description="Un mot de passe (password) ou un code secret (pin)."
    )
    passkey_alone: bool = Field(
        description="Si une clé d’accès (passkey) ouvre à elle seule, sans identifiant ni secret."
    )
    password: PasswordRules = Field(description="Les règles d’un mot de passe.")
    pin: PinRules = Field(description="Les règles d’un code secret.")
