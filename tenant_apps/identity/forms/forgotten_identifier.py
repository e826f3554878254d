"""A forgotten identifier: what the policy asks for instead."""

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guichet.kernel.numbers import bare
from tenants.policy.document import Policy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_NUL = _("Il y a ici un caractère qui ne peut pas y être.")
_DATES = ("%d/%m/%Y", "%d %m %Y", "%d.%m.%Y", "%d-%m-%Y", "%d%m%Y", "%Y-%m-%d")
_WRITTEN_AS_A_DAY = re.compile(r"\d{1,2}([/ .-])\d{1,2}\1\d{4}|\d{8}|\d{4}-\d{1,2}-\d{1,2}", re.ASCII)


def _number(*, label: "_StrPromise", hint: "_StrPromise", required: "_StrPromise") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "required": required,
            "max_length": _("Ce numéro est trop long."),
            "null_characters_not_allowed": _NUL,
        },
    )


class _Day(forms.DateField):
    """A day that is written as asked, but that no calendar has, has a message of its own: `no_such_day`."""

    def to_python(self, value: str | datetime | date | None) -> date | None:
        try:
            return super().to_python(value)
        except ValidationError:
            if isinstance(value, str) and _WRITTEN_AS_A_DAY.fullmatch(value.strip()):
                raise ValidationError(self.error_messages["no_such_day"], code="no_such_day") from None
            raise


class ForgottenIdentifierForm(forms.Form):
    """The fields that the policy names, in its order."""

    client_number = _number(
        label=_("Numéro de client"),
        hint=_("Il figure sur vos courriers."),
        required=_("Saisissez votre numéro de client."),
    )
    birth_date = _Day(
        label=_("Date de naissance"),
        help_text=_("Jour, mois, année, comme 27/04/1968."),
        input_formats=_DATES,
        widget=forms.DateInput(
            format="%d/%m/%Y", attrs={"autocomplete": "bday", "inputmode": "text", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Saisissez votre date de naissance."),
            "no_such_day": _("Cette date n’existe pas : vérifiez le jour et le mois."),
            "invalid": _("Écrivez la date ainsi : 27/04/1968."),
        },
    )
    contract_number = _number(
        label=_("Numéro d’un de vos contrats"),
        hint=_("Il est imprimé en haut du contrat. Un contrat terminé convient aussi."),
        required=_("Saisissez le numéro d’un de vos contrats."),
    )

    def __init__(self, *args: object, policy: Policy, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through to Django as they came
        self.fields = {name: self.fields[name] for name in policy.recovery.identifier_asks}

    def clean_client_number(self) -> str:
        return _has_something(self.cleaned_data["client_number"])

    def clean_contract_number(self) -> str:
        return _has_something(self.cleaned_data["contract_number"])

    @property
    def typed(self) -> dict[str, str]:
        """Of a valid form, by the names of the policy."""
        return {
            name: value.isoformat() if isinstance(value, date) else str(value)
            for name, value in self.cleaned_data.items()
        }


def _has_something(typed: str) -> str:
    if not bare(typed):
        raise ValidationError(_("Ce numéro n’a ni chiffre ni lettre."), code="characters")
    return typed
