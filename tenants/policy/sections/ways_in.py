"""How a client gets a first secret, a new one, or their identifier back."""

import math
from collections.abc import Collection
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from tenants.policy.durations import Duration, between
from tenants.policy.sections.base import Distinct, Section

Proof = Literal["email_link", "email_code", "sms_code", "letter_code"]
Sent = Literal["email_identifier", "email_link", "sms_password", "letter_code"]
Asked = Literal["client_number", "birth_date", "contract_number"]
Alphabet = Literal["digits", "letters_and_digits"]
Lifts = Literal["nothing", "waiting", "everything"]

# Without the letters and digits that are read for one another: 0 O o, 1 l I.
ALPHABETS: dict[Alphabet, str] = {
    "digits": "0123456789",
    "letters_and_digits": "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789",
}
# A letter bears wrong codes anew each day: its code is this much longer (see `recoveries.take_try` for the odds).
LETTER_ADDS = 2


class CodeRules(Section):
    """A code that is used once, whatever brings it."""

    length: int = Field(ge=4, le=12, description="Le nombre de caractères du code.")
    alphabet: Alphabet = Field(
        description="Chiffres (digits), ou lettres, majuscules distinguées, et chiffres (letters_and_digits)."
    )
    lifetime: Annotated[Duration, between("1 min", "24 h")] = Field(
        description="Le temps pendant lequel un code par e-mail ou par SMS est valable.",
    )

    @property
    def bits(self) -> float:
        """The base-2 logarithm of the number of codes."""
        return self.length * math.log2(len(ALPHABETS[self.alphabet]))


class _Way(Section):
    link_lifetime: Annotated[Duration, between("5 min", "30 jours")] = Field(
        description="Le temps pendant lequel le lien reçu par e-mail est valable.",
    )
    letter_lifetime: Annotated[Duration, between("24 h", "90 jours")] = Field(
        description="Le temps pendant lequel le code reçu par courrier est valable."
    )
    code: CodeRules = Field(description="La forme des codes à usage unique.")


class RecoverySection(_Way):
    """A forgotten secret, a forgotten identifier. No proof at all means: at the agency."""

    proofs: Annotated[tuple[Proof, ...], Distinct] = Field(
        description="Ce qu’il faut, ensemble, pour choisir un nouveau secret ; vide : à l’agence."
    )
    proofs_without_email: Annotated[tuple[Proof, ...], Distinct] = Field(
        description="La même chose pour qui n’a pas d’adresse e-mail ; vide : à l’agence."
    )
    identifier_asks: Annotated[tuple[Asked, ...], Distinct] = Field(
        description="Ce qui est demandé à qui a oublié son identifiant ; vide : à l’agence."
    )
    lifts: Lifts = Field(
        description="Le blocage qu’un nouveau secret lève : aucun (nothing), celui qui finirait seul (waiting), "
        "ou aussi celui que seule l’agence lève (everything)."
    )
    requests_per_day: int = Field(
        ge=1,
        le=20,
        description="Combien de fois par jour un nouveau secret, ou un identifiant, peut être demandé pour quelqu’un.",
    )
    code_tries: int = Field(
        ge=1,
        le=10,
        description="Combien de codes faux mettent fin à une demande de nouveau secret ; "
        "pour un code reçu par courrier, combien font attendre le lendemain.",
    )

    @property
    def ways(self) -> tuple[tuple[Proof, ...], ...]:
        """What a client may have to bring, with an e-mail address or without; none: at the agency only."""
        return tuple(dict.fromkeys(each for each in (self.proofs, self.proofs_without_email) if each))

    @property
    def by_client(self) -> bool:
        return bool(self.ways)

    @property
    def code_alone(self) -> bool:
        """Some of these ways begin with a code that is typed, and not with a link."""
        return any("email_link" not in each for each in self.ways)

    @property
    def code_lengths(self) -> tuple[int, ...]:
        """Of the codes that a client may have to type without a link before them."""
        return tuple(sorted({self.code_length(each) for each in self.ways if "email_link" not in each}))

    def code_length(self, proofs: Collection[str]) -> int:
        return self.code.length + (LETTER_ADDS if "letter_code" in proofs else 0)

    def lifetime_of(self, proof: Proof) -> timedelta:
        if proof == "email_link":
            return self.link_lifetime
        return self.letter_lifetime if proof == "letter_code" else self.code.lifetime

    def lifetime_together(self, proofs: Collection[Proof]) -> timedelta:
        """What serves together lives until the first of it lapses."""
        return min(self.lifetime_of(proof) for proof in proofs)

    @property
    def lifetime(self) -> timedelta | None:
        """Of what leaves for who has an e-mail address; None where nothing does."""
        return self.lifetime_together(self.proofs) if self.proofs else None

    @property
    def lifetime_without_email(self) -> timedelta | None:
        return self.lifetime_together(self.proofs_without_email) if self.proofs_without_email else None

    @property
    def begins_with_code(self) -> bool:
        """Whoever asks goes on to the page of the code: with an address too, no link is sent."""
        return self.by_client and "email_link" not in (self.proofs or self.proofs_without_email)


class ActivationSection(_Way):
    """The first connection."""

    sends: Annotated[tuple[Sent, ...], Distinct] = Field(
        description="Ce que le client reçoit pour sa première connexion ; vide : tout se fait à l’agence."
    )
    asked_by_client: bool = Field(
        description="Si un client d’avant peut demander sa première connexion en donnant son identifiant."
    )
    password_lifetime: Annotated[Duration, between("1 min", "30 jours")] = Field(
        description="Le temps pendant lequel un mot de passe reçu par SMS est valable.",
    )
    requests_per_day: int = Field(
        ge=1,
        le=20,
        description="Combien de fois par jour une première connexion peut être demandée pour un identifiant.",
    )

    @property
    def begins_with(self) -> Literal["letter", "request"] | None:
        """What clients may do by themselves on the sign-in page: type the code of a letter, or ask for theirs."""
        if "letter_code" in self.sends:
            return "letter"
        return "request" if self.asked_by_client else None
