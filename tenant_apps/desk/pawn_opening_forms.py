"""The forms that open a pawn loan: the loan, and its objects."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from guichet.kernel.names import visible
from tenant_apps.desk.forms import Choices
from tenant_apps.desk.pawn_forms import (
    LONGEST_SUM,
    NO_WEIGHT,
    NUMERIC,
    ActForm,
    EurosField,
    WeightField,
    document_field,
    means_field,
)
from tenant_apps.desk.pawn_words import ON_WEIGHT
from tenant_apps.pawn.domain.operations import TO_PAY_OUT
from tenant_apps.pawn.presentation import CATEGORY_LABELS
from tenant_apps.pawn.services.open_contract import Pledge
from tenants.policy.current import current_policy

LONGEST_DESCRIPTION = 200
PURE = 1000


class LoanForm(ActForm):
    """The loan itself; its objects are forms of their own."""

    lent = EurosField(label=_("Somme prêtée"))
    months = forms.ChoiceField(
        label=_("Durée"),
        widget=Choices,
        error_messages={
            "required": _("Choisissez la durée."),
            "invalid_choice": _("Choisissez une durée de la liste."),
        },
    )
    kept_at = forms.CharField(
        label=_("Où les objets sont gardés"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Saisissez où les objets sont gardés.")},
    )
    means = means_field(_("Comment la somme est-elle remise ?"), offered=TO_PAY_OUT)
    document = document_field()
    home = forms.BooleanField(
        label=_("J’ai vu un justificatif de domicile"),
        error_messages={"required": _("La loi demande l’identité et le domicile (CMF D514-1).")},
    )

    def __init__(self, *args: Any, durations: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].choices = durations  # type: ignore[attr-defined]  # a ChoiceField, as declared

    def clean_kept_at(self) -> str:
        return visible(self.cleaned_data["kept_at"])


class ObjectForm(forms.Form):
    """One object. On its weight where a metal is chosen, else on its appraisal."""

    category = forms.ChoiceField(label=_("Sorte d’objet"), choices=[*CATEGORY_LABELS.items()], initial="ring")
    description = forms.CharField(
        label=_("Description"),
        max_length=LONGEST_DESCRIPTION,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Décrivez cet objet."),
            "max_length": _("Raccourcissez ce texte : %(limit_value)d signes au plus."),
        },
    )
    appraisal = EurosField(label=_("Estimation"))
    metal = forms.ChoiceField(
        label=_("Sur quoi prêter"),
        help_text=_(
            "Sur le poids d’un métal, la loi permet les quatre cinquièmes ; sur l’estimation, les deux tiers."
        ),
        choices=[("", _("Sur l’estimation")), *ON_WEIGHT.items()],
        required=False,
    )
    weight_grams = WeightField(
        label=_("Poids en grammes"),
        required=False,
        max_length=LONGEST_SUM,
        widget=forms.TextInput(attrs=dict(NUMERIC)),
        error_messages={"max_length": NO_WEIGHT},
    )
    fineness = forms.IntegerField(
        label=_("Titre en millièmes"),
        required=False,
        min_value=1,
        max_value=PURE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Saisissez un titre en millièmes, comme 750.")
        ),
    )

    is_new = forms.BooleanField(
        label=_("Objet neuf"),
        help_text=_("Jamais servi. Il ne peut pas être vendu avant l’échéance (CMF D514-15)."),
        required=False,
    )
    invoice_seen = forms.BooleanField(
        label=_("J’ai vu la facture de l’objet neuf, au nom du client"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if current_policy().pawn.new_goods == "refused":
            self.fields["is_new"].help_text = _("La caisse ne prête pas sur un objet neuf.")
            del self.fields["invoice_seen"]

    def clean_description(self) -> str:
        return visible(self.cleaned_data["description"])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("metal"):
            if not cleaned.get("weight_grams") and "weight_grams" not in self.errors:
                self.add_error("weight_grams", NO_WEIGHT)
            if not cleaned.get("fineness") and "fineness" not in self.errors:
                self.add_error("fineness", _("Saisissez un titre en millièmes, comme 750."))
        return cleaned

    @property
    def pledge(self) -> Pledge:
        """Of a valid form."""
        names = ("category", "description", "appraisal", "weight_grams", "fineness", "metal", "is_new")
        invoice_seen = self.cleaned_data.get("invoice_seen", False)
        return Pledge(**{name: self.cleaned_data[name] for name in names}, invoice_seen=invoice_seen)


class ObjectForms(forms.BaseFormSet):  # type: ignore[type-arg]  # the stubs want the form's type, which Python refuses
    """The objects: the first ones, and another when its button is pressed."""

    def full_clean(self) -> None:
        """One that was left empty is none, but for the first where there is no other: a loan has an object."""
        if self.is_bound and self.forms and not any(each.has_changed() for each in self.forms):
            self.forms[0].empty_permitted = False
        super().full_clean()

    @property
    def pledges(self) -> list[Pledge]:
        """Of valid forms; one that was left empty is none."""
        return [each.pledge for each in self.forms if each.has_changed()]


MOST_OBJECTS = 20
_FORMS = forms.formset_factory(
    ObjectForm, formset=ObjectForms, extra=1, absolute_max=MOST_OBJECTS, max_num=MOST_OBJECTS
)


def object_forms(data: Any = None, **kwargs: Any) -> ObjectForms:
    return cast("ObjectForms", _FORMS(data, **kwargs))
