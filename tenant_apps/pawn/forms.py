"""What a client asks about a contract, and what they want to pay."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import Money
from guichet.web.templatetags.guichet import date_long, euros
from tenant_apps.pawn.choices import PART, Choices, Option
from tenant_apps.pawn.links import KIND
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.owing import Bounds
from tenant_apps.payments.services.quoting import Wanted
from tenants.policy.current import current_policy

_BLANKS = dict.fromkeys(map(ord, "\u202f\xa0 €"))
_SUM = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,2})?", re.ASCII)
NOTHING = ""


class DayForm(forms.Form):
    """« Combien je dois ? », on a day within bounds."""

    le = forms.DateField(
        label=_("Le jour où vous voulez payer"),
        required=False,
        # What a browser's calendar sends, and what a person types.
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": _("Écrivez une date, comme 31/12/2026.")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, bounds: Bounds, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bounds = bounds
        self.fields["le"].widget.attrs |= {"min": bounds.first.isoformat(), "max": bounds.last.isoformat()}
        self.fields["le"].help_text = gettext("D’aujourd’hui au %(last)s.") % {"last": date_long(bounds.last)}

    def clean_le(self) -> date:
        day: date = self.cleaned_data["le"] or self.bounds.first
        if not self.bounds.first <= day <= self.bounds.last:
            raise forms.ValidationError(
                gettext("Choisissez une date entre aujourd’hui et le %(last)s.")
                % {"last": date_long(self.bounds.last)}
            )
        return day


class EurosField(forms.Field):
    """A sum as people type it: `150`, `150,5`, `1 150,50 €`."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    default_error_messages = {"invalid": _("Écrivez une somme en euros, comme 150 ou 150,50.")}

    def to_python(self, value: Any) -> Money | None:
        typed = str(value or "").translate(_BLANKS)
        if not typed:
            return None
        if _SUM.fullmatch(typed) is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return Money.of(typed.replace(",", "."))


class ActForm(forms.Form):
    """What to pay for one contract."""

    act = forms.ChoiceField(
        label=_("Que voulez-vous faire ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez ce que vous voulez faire."),
            "invalid_choice": _("Ce choix n’est plus proposé. Choisissez-en un autre."),
        },
    )
    amount = EurosField(
        label=_("Combien, pour payer une partie"),
        required=False,
    )

    def __init__(self, *args: Any, contract: Contract, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contract = contract
        self.part = next((each for each in choices.alone if each.act == PART), None)
        self.fields["act"].choices = [(each.act, each.label) for each in choices.alone]  # type: ignore[attr-defined]  # a ChoiceField
        if self.part is None:
            del self.fields["amount"]
        else:
            self.fields["amount"].help_text = _bounds(self.part)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("act") == PART and self.part is not None and "amount" not in self.errors:
            self._check_amount(told.get("amount"))
        return told

    def _check_amount(self, amount: Money | None) -> None:
        part = self.part
        if part is None or part.least is None or part.below is None:
            return
        if amount is None:
            self.add_error("amount", gettext("Écrivez combien vous voulez payer."))
        elif amount < part.least:
            said = {"why": _why_at_least(part), "least": euros(part.least)}
            self.add_error("amount", gettext("%(why)s Écrivez au moins %(least)s.") % said)
        elif amount >= part.below:
            self.add_error(
                "amount",
                gettext("Cette somme rembourse tout : choisissez « Tout rembourser », à %(below)s.")
                % _span(part),
            )

    @property
    def wanted(self) -> list[Wanted]:
        told = self.cleaned_data
        amount = told.get("amount") if told["act"] == PART else None
        return [Wanted(kind=KIND, reference=self.contract.uuid, act=told["act"], amount=amount)]


def _bounds(part: Option) -> str:
    """What a part may be: one least, with what makes it."""
    said = gettext("Au moins %(least)s, et moins de %(below)s.") % _span(part)
    return f"{said} {_why_at_least(part)}"


def _why_at_least(part: Option) -> str:
    """The law has interest and fees paid first (Code civil 1343-1); a card takes no less than the caisse says."""
    if part.least == current_policy().payments.least_sum:
        return gettext("C’est le plus petit paiement par carte.")
    charges = euros(part.charges)
    return gettext("Les intérêts et les frais, %(charges)s, se paient d’abord.") % {"charges": charges}


def _span(part: Option) -> dict[str, str]:
    return {"least": euros(part.least or Money()), "below": euros(part.below or Money())}


class ProlongForm(forms.Form):
    """To prolong for nothing: the number that the page minted, and the term that it showed."""

    form = forms.UUIDField(widget=forms.HiddenInput)
    until = forms.DateField(widget=forms.HiddenInput, input_formats=["%Y-%m-%d"])


class BasketForm(forms.Form):
    """What to pay for each of several contracts: a list of choices a contract, nothing chosen at first."""

    def __init__(self, *args: Any, payable: Sequence[tuple[Contract, Choices]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payable = payable
        self.contracts = [contract for contract, _choices in payable]
        for contract, choices in payable:
            priced = [(each.act, each.label) for each in choices.options if each.price]
            self.fields[contract.uuid.hex] = forms.ChoiceField(
                label=gettext("Contrat n° %(number)s") % {"number": contract.number},
                required=False,
                choices=[(NOTHING, gettext("Ne rien payer")), *priced],
                error_messages={"invalid_choice": _("Ce choix n’est plus proposé. Choisissez-en un autre.")},
            )

    @property
    def chosen(self) -> list[Option]:
        told = self.cleaned_data
        return [
            option
            for contract, choices in self.payable
            for option in choices.options
            if option.act == told.get(contract.uuid.hex)
        ]

    @property
    def wanted(self) -> list[Wanted]:
        told = ((each, self.cleaned_data.get(each.uuid.hex)) for each in self.contracts)
        return [Wanted(kind=KIND, reference=each.uuid, act=act) for each, act in told if act]
