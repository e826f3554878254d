"""What a client types to say who they are. `tenants.policy.identifiers` brings it to one form."""

from typing import Annotated, Literal

from pydantic import Field

from tenants.policy.sections.base import Distinct, LocalText, Section

Around = Literal["spaces", "dots", "dashes", "slashes"]

_Length = Annotated[int, Field(ge=1, le=64)]
_Example = Annotated[str, Field(max_length=400)]


class _Identifier(Section):
    """What all the formats have."""

    label: LocalText = Field(description="Le nom du champ, par exemple « Identifiant ».")
    hint: LocalText = Field(description="Sous le champ : où trouver cet identifiant.")
    examples_accepted: tuple[_Example, ...] = Field(
        max_length=20,
        description="Des identifiants inventés que le format doit accepter ; vérifiés à chaque contrôle.",
    )
    examples_refused: tuple[_Example, ...] = Field(
        max_length=20, description="Des saisies que le format doit refuser ; vérifiées à chaque contrôle."
    )


class _Printed(_Identifier):
    """A number printed on paper, of one or several lengths."""

    min_length: _Length = Field(
        description="Le nombre de caractères au moins, sans ce qui est imprimé autour."
    )
    max_length: _Length = Field(
        description="Le nombre de caractères au plus, sans ce qui est imprimé autour."
    )
    printed_around: Annotated[tuple[Around, ...], Distinct] = Field(
        description="Ce qui peut être imprimé entre les caractères, et que l’on peut donc saisir."
    )


class DigitsIdentifier(_Printed):
    """Digits only, as printed on a contract or a letter."""

    kind: Literal["digits"] = Field(description="Des chiffres seulement.")


class ClientNumberIdentifier(_Printed):
    """The client number of the caisse's own system."""

    kind: Literal["client_number"] = Field(description="Le numéro de client.")
    letters: bool = Field(description="Si le numéro de client peut contenir des lettres.")


class EmailOrClientNumberIdentifier(_Printed):
    """Either of the two, told apart by the @ sign."""

    kind: Literal["email_or_client_number"] = Field(description="L’adresse e-mail ou le numéro de client.")
    letters: bool = Field(description="Si le numéro de client peut contenir des lettres.")


class EmailIdentifier(_Identifier):
    """An e-mail address."""

    kind: Literal["email"] = Field(description="L’adresse e-mail.")

    @property
    def min_length(self) -> int:
        return 6

    @property
    def max_length(self) -> int:
        return 254

    @property
    def printed_around(self) -> tuple[Around, ...]:
        return ()


class NirIdentifier(_Identifier):
    """The social security number, which only a mutual may use: see the check `nir-only-for-a-mutual`."""

    kind: Literal["nir"] = Field(description="Le numéro de sécurité sociale (NIR), avec ou sans sa clé.")

    @property
    def min_length(self) -> int:
        return 13

    @property
    def max_length(self) -> int:
        return 15

    @property
    def printed_around(self) -> tuple[Around, ...]:
        return ("spaces", "dots", "dashes")


IdentifierSection = Annotated[
    DigitsIdentifier
    | ClientNumberIdentifier
    | EmailIdentifier
    | EmailOrClientNumberIdentifier
    | NirIdentifier,
    Field(discriminator="kind"),
]

BY_KIND: dict[str, type[_Identifier]] = {
    "digits": DigitsIdentifier,
    "client_number": ClientNumberIdentifier,
    "email": EmailIdentifier,
    "email_or_client_number": EmailOrClientNumberIdentifier,
    "nir": NirIdentifier,
}
