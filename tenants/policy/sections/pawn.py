"""What a caisse decides of its pawn loans; what they cost is its tariff's."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from tenants.policy.durations import Duration, between
from tenants.policy.sections.base import Line, Section

_PRICE = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,4})?", re.ASCII)
_AROUND = re.compile(r"[A-Z0-9/-]{0,12}", re.ASCII)
NUMBER_PARTS = ("{yyyy}", "{yy}", "{n}")
LONGEST_NUMBER = 20


def _price(written: str) -> str:
    if _PRICE.fullmatch(written) is None or not Decimal(written):
        raise PydanticCustomError("price", "un prix s’écrit entre guillemets, avec un point : « 95.40 »")
    return written


def _number_format(written: str) -> str:
    bare = written
    for part in NUMBER_PARTS:
        bare = bare.replace(part, "")
    if written.count("{n}") != 1 or _AROUND.fullmatch(bare) is None:
        raise PydanticCustomError(
            "number_format",
            "un numéro s’écrit avec {n}, et au choix {yy} ou {yyyy}, majuscules, chiffres, « - » et « / »",
        )
    return written


def _client_number_format(written: str) -> str:
    if written.count("{n}") != 1 or _AROUND.fullmatch(written.replace("{n}", "")) is None:
        raise PydanticCustomError(
            "client_number_format",
            "un numéro de client s’écrit avec {n}, majuscules, chiffres, « - » et « / »",
        )
    return written


class MetalPrice(Section):
    metal: Literal["gold", "silver", "platinum"] = Field(description="Le métal : gold, silver ou platinum.")
    since: date = Field(description="Depuis quel jour ce prix sert.")
    per_gram: Annotated[str, AfterValidator(_price)] = Field(
        json_schema_extra={"pattern": f"^{_PRICE.pattern}$"},
        description="Le prix d’un gramme de métal pur, en euros, entre guillemets.",
    )

    @property
    def price(self) -> Decimal:
        return Decimal(self.per_gram)


class PawnSection(Section):
    """The term, the grace, the sale, the boni."""

    due_for: Annotated[Duration, between("1 jour", "90 jours")] = Field(
        description="Le temps pendant lequel un contrat est « échu » avant d’être en délai de grâce.",
    )
    grace: Annotated[Duration, between("1 jour", "400 jours")] = Field(
        description="Le temps, depuis l’échéance, avant que la caisse puisse annoncer la vente.",
    )
    extra_time: Annotated[Duration, between("1 jour", "400 jours")] = Field(
        description="Le plus long délai que le directeur accorde en une fois, après le délai de grâce (CMF D514-14).",
    )
    sale_notice: Annotated[Duration, between("1 jour", "180 jours")] = Field(
        description="Combien de temps avant la vente elle est annoncée ; la loi veut dix jours au moins.",
    )
    sale_horizon: Annotated[Duration, between("30 jours", "730 jours")] = Field(
        description="Combien de temps à l’avance une vente s’annonce, au plus ; la loi ne borne que le moins.",
    )
    preparation_charged: Literal["announced", "sold"] = Field(
        description="Quand les frais de préparation du tarif sont dus : dès l’annonce (announced) ou si l’objet est "
        "vendu (sold).",
    )
    boni_notice_months: int = Field(
        ge=0, le=24, description="Combien de mois après la vente la caisse écrit qu’un boni attend."
    )
    boni_notice_euros: int = Field(
        ge=0, le=1000, description="À partir de combien d’euros de boni la caisse écrit."
    )
    remind_before: tuple[Annotated[Duration, between("1 jour", "120 jours")], ...] = Field(
        description="Combien de temps avant l’échéance la caisse la rappelle ; une durée par rappel.",
    )
    remind_boni_before: Annotated[Duration, between("1 jour", "365 jours")] = Field(
        description="Combien de temps avant d’être perdu un boni est rappelé.",
    )
    remind_by: tuple[Literal["mail", "sms", "letter"], ...] = Field(
        min_length=1,
        description="Par quoi partent les rappels : le premier moyen, ou le suivant si le client ne l’a pas. "
        "Une lettre (letter) part avec le lot du jour, pour les avis de letters_for.",
    )
    letters_for: tuple[Literal["due_soon", "due", "in_grace", "sale"], ...] = Field(
        description="Quels avis peuvent partir par lettre : avant l’échéance (due_soon), à l’échéance (due), au délai "
        "de grâce (in_grace), avant la vente (sale).",
    )
    notices_charged: Literal["none", "letters", "all"] = Field(
        description="Quels avis du tarif sont dus : aucun (none), ceux qui partent par lettre (letters) ou tous (all).",
    )
    number_format: Annotated[Line, AfterValidator(_number_format)] = Field(
        description="Comment s’écrit un numéro de contrat : {yy} ou {yyyy} pour l’année, {n} pour le rang.",
    )
    number_digits: int = Field(ge=1, le=8, description="Sur combien de chiffres s’écrit le rang.")
    client_number_format: Annotated[Line, AfterValidator(_client_number_format)] = Field(
        description="Comment s’écrit le numéro d’un client que l’agence inscrit : {n} pour le rang. Il ne doit pas "
        "ressembler à ceux du logiciel de la caisse.",
    )
    client_number_digits: int = Field(
        ge=1, le=8, description="Sur combien de chiffres s’écrit le rang d’un client."
    )
    new_goods: Literal["refused", "with_invoice"] = Field(
        description="Si la caisse prête sur un objet neuf : jamais (refused), ou quand la facture est montrée "
        "(with_invoice). La loi ne laisse pas vendre un objet neuf avant l’échéance (CMF D514-15).",
    )
    photo_megabytes: int = Field(
        ge=1,
        le=15,
        description="Combien de mégaoctets la photo d’un objet peut peser quand l’agence l’envoie.",
    )
    counter_means: tuple[Literal["cash", "card", "cheque", "transfer"], ...] = Field(
        min_length=1,
        description="Par quoi la caisse encaisse et paie à l’agence : espèces (cash), carte (card), chèque (cheque), "
        "virement (transfer).",
    )
    counter_cash_most: int = Field(
        ge=0,
        le=3000,
        description="Combien d’euros d’espèces au plus pour un contrat et un jour, dans chaque sens ; la loi permet "
        "3 000 € (CMF L112-6 et D112-3).",
    )
    metal_prices: tuple[MetalPrice, ...] = Field(
        description="Les prix des métaux précieux, chacun depuis un jour : la loi en borne les prêts.",
    )

    def client_number(self, *, rank: int) -> str:
        return self.client_number_format.replace("{n}", f"{rank:0{self.client_number_digits}}")

    def metal_price(self, *, metal: str, on: date) -> Decimal | None:
        """Of one pure gram that day; None where the caisse has said none."""
        known = [each for each in self.metal_prices if each.metal == metal and each.since <= on]
        return max(known, key=lambda each: each.since).price if known else None
