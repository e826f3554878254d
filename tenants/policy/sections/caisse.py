"""Who the caisse is: what its public row holds, and the hosts that lead to it."""

import re
from typing import Annotated, Literal

import idna
from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from tenants.policy.sections.base import Distinct, Section, Title

Kind = Literal["front", "gie", "caisse"]
Body = Literal["caisse", "mutual"]

PUBLIC = "public"
_SCHEMA = re.compile(r"[a-z][a-z0-9_]{0,38}", re.ASCII)
# `pg_` and information_schema are PostgreSQL's, `zz_` marks the blueprints that a caisse is replayed from.
_RESERVED = ("pg_", "zz_")
_TAKEN = "information_schema"
_LONGEST_HOST = 253


def _host(written: str) -> str:
    """Small letters, IDNA, no final dot: the form in which a request's host is looked up."""
    try:
        host = idna.encode(written.strip().rstrip("."), uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        host = ""
    if not host or len(host) > _LONGEST_HOST:
        raise PydanticCustomError(
            "host",
            "« {host} » n’est pas un nom de domaine, comme espace.exemple.fr, sans port",
            {"host": written},
        )
    return host


def _at_least_one(hosts: tuple[str, ...]) -> tuple[str, ...]:
    if not hosts:
        raise PydanticCustomError("hosts", "un domaine au moins est attendu")
    return hosts


Host = Annotated[str, AfterValidator(_host)]


class CaisseSection(Section):
    """One portal is one tenant: a caisse with two portals has two files."""

    # Before schema_name, whose check reads it.
    kind: Kind = Field(
        description="Ce que l’hôte sert : la porte d’entrée (front), la console (gie) ou un espace (caisse)."
    )
    body: Body = Field(
        description="La nature de l’organisme : caisse de Crédit Municipal (caisse) ou mutuelle (mutual)."
    )
    schema_name: str = Field(
        description="Le nom du schéma PostgreSQL : minuscules, chiffres et _, 39 au plus. Définitif.",
        json_schema_extra={"pattern": f"^{_SCHEMA.pattern}$"},
    )
    name: Title = Field(description="Le nom de la caisse, comme ses clients le lisent.")
    town: Annotated[Title, Field(max_length=80)] = Field(
        description="La ville, montrée sur la page de choix."
    )
    domains: Annotated[tuple[Host, ...], Distinct, AfterValidator(_at_least_one)] = Field(
        json_schema_extra={"minItems": 1},
        description="Les domaines de l’espace ; le premier est celui des e-mails.",
    )
    listed: bool = Field(description="Si la page de choix montre cette caisse.")

    @field_validator("schema_name")
    @classmethod
    def _schema_name_is_safe(cls, name: str, info: ValidationInfo) -> str:
        if not _SCHEMA.fullmatch(name):
            raise PydanticCustomError(
                "schema_name",
                "un nom de schéma a 1 à 39 caractères : une minuscule, puis minuscules, chiffres ou _",
            )
        if name.startswith(_RESERVED) or name == _TAKEN:
            raise PydanticCustomError("schema_name", "ce nom de schéma est réservé")
        if (name == PUBLIC) != (info.data.get("kind") == "front"):
            raise PydanticCustomError(
                "schema_name",
                'le schéma « public » est celui de la porte d’entrée (kind = "front"), et d’elle seule',
            )
        return name
