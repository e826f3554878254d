"""« Combien coûterait un prêt ? », for anybody, by the tariff in force. Nothing is kept."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import Money
from guichet.web.templatetags.guichet import euros
from tenant_apps.pawn.domain.tariffs.document import Amounts, TariffDocument
from tenant_apps.pawn.forms import EurosField
from tenant_apps.pawn.wording import sums_offered

AMOUNT, MONTHS = "somme", "mois"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A loan that the tariff offers."""

    lent: Money
    months: int


def _example(amounts: Amounts) -> str:
    """A sum that would be lent: the least is one, whatever the step."""
    return euros(amounts.least)


class SimulatorForm(forms.Form):
    """How much, how long: in the address, so that it can be kept and sent."""

    somme = EurosField(label=_("Combien voulez-vous emprunter ?"))
    mois = forms.ChoiceField(
        label=_("Pour combien de temps ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez une durée."),
            "invalid_choice": _("Choisissez une durée de la liste."),
        },
    )

    def __init__(self, *args: Any, document: TariffDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.amounts = document.amounts
        offered = sums_offered(
            least=self.amounts.least, greatest=self.amounts.greatest, step=self.amounts.step
        )
        self.fields["somme"].help_text = gettext("Nous prêtons %(offered)s.") % {"offered": offered}
        said = gettext("Écrivez une somme en euros, comme %(example)s.") % {"example": _example(self.amounts)}
        self.fields["somme"].error_messages.update(required=said, invalid=said)
        self.fields["mois"].choices = [  # type: ignore[attr-defined]  # a ChoiceField, as declared
            (str(each), ngettext("%(count)s mois", "%(count)s mois", each) % {"count": each})
            for each in sorted(document.months)
        ]

    def clean_somme(self) -> Money:
        lent: Money = self.cleaned_data["somme"]
        if lent < self.amounts.least:
            raise forms.ValidationError(
                gettext("Le plus petit prêt est de %(sum)s.") % {"sum": euros(self.amounts.least)}
            )
        if lent > self.amounts.greatest:
            raise forms.ValidationError(
                gettext("Le plus grand prêt est de %(sum)s.") % {"sum": euros(self.amounts.greatest)}
            )
        if lent.cents % self.amounts.step.cents:
            raise forms.ValidationError(
                gettext("Écrivez une somme en euros entiers, sans centimes.")
                if self.amounts.step == Money.of(1)
                else gettext("Nous prêtons de %(step)s en %(step)s : écrivez une somme ronde.")
                % {"step": euros(self.amounts.step)}
            )
        return lent

    @property
    def asked(self) -> Asked:
        """Of a valid form."""
        return Asked(lent=self.cleaned_data[AMOUNT], months=int(self.cleaned_data[MONTHS]))
