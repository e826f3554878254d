"""The form of what the agency charges by hand."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import ZERO, Money
from guichet.kernel.names import visible
from guichet.web.templatetags.guichet import euros
from tenant_apps.desk.forms import FORBIDDEN, LONGEST_NOTE, Choices
from tenant_apps.desk.pawn_forms import STALE, EurosField
from tenant_apps.desk.pawn_words import TARIFF_ACTS
from tenant_apps.desk.reasons import OTHER, reason_of
from tenant_apps.pawn.services.charge_fee import Priced


class ChargeForm(forms.Form):
    """Which fee of the tariff, what it cost besides, and what it is where the tariff does not name it."""

    operation = forms.UUIDField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE)
    )
    act = forms.ChoiceField(
        label=_("Quels frais ?"),
        widget=Choices,
        error_messages={
            "required": _("Choisissez les frais à facturer."),
            "invalid_choice": _("Choisissez dans la liste."),
        },
    )
    cost = EurosField(
        label=_("Coût payé par la caisse"),
        help_text=_("Le port, par exemple. Seulement pour les frais que le tarif augmente de leur coût."),
        required=False,
    )
    note = forms.CharField(
        label=_("Précisions"),
        help_text=_("Ni nom, ni numéro : ce texte reste au journal."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "max_length": _("Raccourcissez ce texte : %(limit_value)d signes au plus."),
            "null_characters_not_allowed": FORBIDDEN,
        },
    )

    def __init__(self, *args: Any, fees: Sequence[Priced], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"operation": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        self.plus_cost = {each.act for each in fees if each.plus_cost}
        choices = [(each.act, _label(each)) for each in fees]
        self.fields["act"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField, as declared
        if OTHER in dict(choices):
            self.fields["note"].help_text = _(
                "Obligatoire pour d’autres frais : dites lesquels. Ni nom, ni numéro : ce texte reste au journal."
            )
        if not self.plus_cost:
            del self.fields["cost"]

    def clean_note(self) -> str:
        return visible(self.cleaned_data["note"])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        act = cleaned.get("act")
        if act == OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Dites en quelques mots quels sont ces frais."))
        if act and "cost" not in self.errors:
            self._check_cost(act, cleaned.get("cost"))
        return cleaned

    def _check_cost(self, act: str, cost: Money | None) -> None:
        if act in self.plus_cost and cost is None:
            self.add_error("cost", _("Saisissez ce que cela a coûté, ou 0 si rien ne s’ajoute."))
        if act not in self.plus_cost and cost:
            self.add_error("cost", _("Le tarif n’ajoute aucun coût à ces frais : laissez cette case vide."))

    @property
    def fee(self) -> dict[str, Any]:
        """Of a valid form: the act, and what it cost besides."""
        return {"act": self.cleaned_data["act"], "cost": self.cleaned_data.get("cost") or ZERO}

    @property
    def written_reason(self) -> str:
        """As the journal keeps it; none where nothing was said."""
        note = self.cleaned_data["note"]
        return reason_of(code=OTHER, note=note) if note else ""


def _label(fee: Priced) -> str:
    said = {"what": TARIFF_ACTS[fee.act], "sum": euros(fee.amount)}
    if not fee.plus_cost:
        return gettext("%(what)s : %(sum)s") % said
    if not fee.amount:
        return gettext("%(what)s : son coût") % said
    return gettext("%(what)s : %(sum)s, plus son coût") % said
