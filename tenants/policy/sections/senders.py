"""Who signs the messages that a client receives."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from tenants.policy.sections.base import Distinct, Section, Title

Kind = Literal[
    "access_closed",
    "account_unlocked",
    "activation_identifier",
    "activation_link",
    "activation_password",
    "appointment_booked",
    "appointment_cancelled",
    "appointment_moved",
    "appointment_reminder",
    "devices_forgotten",
    "identifier_reminder",
    "new_sign_in",
    "recovery_code",
    "recovery_done",
    "recovery_link",
    "sms_code",
]
"""Messages that could take another way when theirs fails; the checks say which of them must not."""

# 11 marks: the alphanumeric sender of an SMS (3GPP TS 23.040, 9.1.2.5); without a letter it is a number.
_SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9 ]{1,9}[A-Za-z0-9]", re.ASCII)
_LABEL = r"[A-Za-z0-9_+-]{1,32}"
_HOST_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"{_LABEL}(?:\.{_LABEL})*@(?:{_HOST_LABEL}\.)+[a-z]{{2,63}}", re.ASCII)
_LONGEST_ADDRESS = 254
_SPECIAL = frozenset('<>"\\')
_PROVIDER = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)


def _plain_name(name: str) -> str:
    if _SPECIAL & set(name):
        raise PydanticCustomError("sender", 'le nom d’un expéditeur s’écrit sans < > " ni \\')
    return name


def _alphanumeric(name: str) -> str:
    if not _SENDER.fullmatch(name):
        raise PydanticCustomError(
            "sender",
            "l’expéditeur d’un SMS a 3 à 11 lettres ou chiffres sans accent, dont une lettre au moins",
        )
    return name


def _address(written: str) -> str:
    if len(written) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(written):
        raise PydanticCustomError("sender", "une adresse e-mail comme bonjour@exemple.fr est attendue")
    return written


def provider_name(name: str) -> str:
    if not _PROVIDER.fullmatch(name):
        raise PydanticCustomError(
            "provider", "un nom de la liste du groupement est attendu, comme « default »"
        )
    return name


class SendersSection(Section):
    """What stands in From, and the name that a phone shows."""

    mail_from_name: Annotated[Title, AfterValidator(_plain_name)] = Field(
        description="Le nom que montre la messagerie du client."
    )
    mail_address: Annotated[str, AfterValidator(_address)] = Field(
        json_schema_extra={"format": "email"},
        description="L’adresse de départ des e-mails.",
    )
    sms_sender: Annotated[str, AfterValidator(_alphanumeric)] = Field(
        json_schema_extra={"pattern": "^[A-Za-z0-9][A-Za-z0-9 ]{1,9}[A-Za-z0-9]$"},
        description="Le nom que montre le téléphone : 3 à 11 lettres ou chiffres sans accent, dont une lettre.",
    )
    mail_server: Annotated[str, AfterValidator(provider_name)] = Field(
        json_schema_extra={"pattern": "^[a-z][a-z0-9_-]{0,39}$"},
        description="Le serveur d’e-mail, dans la liste du groupement ; « default » est celui de la plateforme.",
    )
    sms_gateway: Annotated[str, AfterValidator(provider_name)] = Field(
        json_schema_extra={"pattern": "^[a-z][a-z0-9_-]{0,39}$"},
        description="Le prestataire de SMS, dans la liste du groupement.",
    )
    sms_per_day: int = Field(
        ge=0,
        le=1_000_000,
        description="Combien de SMS par jour pour toute la caisse, au plus : ils sont payants.",
    )
    sms_asked_share: int = Field(
        ge=0,
        le=100,
        description="La part de ces SMS, en pour cent, pour ce qui se demande sans être connecté (secret oublié,"
        " première connexion) ; le reste est gardé pour les codes de connexion et de confirmation.",
    )
    fallbacks: Annotated[tuple[Kind, ...], Distinct] = Field(
        description="Les messages qui partent par SMS quand l’e-mail n’arrive pas, ou par e-mail quand le SMS"
        " n’arrive pas."
    )

    @property
    def sms_asked_per_day(self) -> int:
        """Rounded down: the rest is for who signs in."""
        return self.sms_per_day * self.sms_asked_share // 100
