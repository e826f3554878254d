"""The forms of the agency's counter."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.kernel.names import visible
from guichet.kernel.phones import PhoneRefusedError, Why
from guichet.web.templatetags.guichet import duration
from tenant_apps.clients.contact_rules import normal_mobile
from tenant_apps.desk.exceptions import HELP, WAYS
from tenant_apps.desk.reasons import (
    OTHER,
    TO_CANCEL,
    TO_EXCEPT,
    choices,
    reason_of,
    reasons_to_except,
)
from tenant_apps.identity.documents_shown import DOCUMENTS

LONGEST_SEARCH = 254
LONGEST_NOTE = 200

FORBIDDEN = _("Ce texte contient un caractère qui ne peut pas y être.")
_STALE = _("Cette page est trop ancienne : rouvrez-la depuis le dossier du client.")
NOT_A_NUMBER = _("Ce n’est pas un numéro de téléphone. Saisissez-le en entier, comme 06 39 98 12 34.")
_NO_MOBILE: dict[Why, Promise] = {
    "not_a_number": NOT_A_NUMBER,
    "not_french": _("Ce numéro n’est pas français. Nos SMS ne partent que vers la France et l’outre-mer."),
    "not_a_mobile": _("C’est le numéro d’un téléphone fixe. Les codes partent par SMS vers un mobile."),
}


class Choices(forms.RadioSelect):
    """The error summary leads to the first of them: Django's own gives it no address."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index or "0")


def read_mobile(typed: str) -> str:
    """In E.164. Raises ValidationError."""
    try:
        return normal_mobile(typed)
    except PhoneRefusedError as error:
        raise ValidationError(str(_NO_MOBILE[error.why]), code=error.why) from error


class SearchForm(forms.Form):
    """One box for names, a client number or an identifier."""

    words = forms.CharField(
        label=_("Nom, numéro de client ou de contrat, identifiant"),
        help_text=_("Le début des noms suffit, dans n’importe quel ordre, avec ou sans accents."),
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Saisissez un nom, un numéro de client ou un identifiant."),
            "max_length": _("C’est trop long : un nom ou un numéro suffit."),
            "null_characters_not_allowed": FORBIDDEN,
        },
    )

    def clean_words(self) -> str:
        return visible(self.cleaned_data["words"])


class ReasonForm(forms.Form):
    """Why: one of a short list, and words of one's own."""

    reason = forms.ChoiceField(
        label=_("Pourquoi ?"),
        widget=Choices,
        error_messages={
            "required": _("Choisissez une raison : elle reste au journal."),
            "invalid_choice": _("Choisissez une raison de la liste."),
        },
    )
    note = forms.CharField(
        label=_("Précisions"),
        help_text=_("Obligatoire pour une autre raison. Ni nom, ni numéro : ce texte reste au journal."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "max_length": _("Raccourcissez ce texte : %(limit_value)d signes au plus."),
            "null_characters_not_allowed": FORBIDDEN,
        },
    )

    def __init__(self, *args: Any, reasons: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = choices(reasons)  # type: ignore[attr-defined]  # a ChoiceField, as declared

    def clean_note(self) -> str:
        return visible(self.cleaned_data["note"])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("reason") == OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Dites pourquoi en quelques mots."))
        return cleaned

    @property
    def written_reason(self) -> str:
        """Of a valid form, as the journal keeps it."""
        return reason_of(code=self.cleaned_data["reason"], note=self.cleaned_data["note"])


class CancelForm(ReasonForm):
    """Why the agency cancels an appointment: the client reads it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, reasons=TO_CANCEL, **kwargs)
        self.fields["reason"].label = _("Pourquoi ? Le client lira cette raison.")
        self.fields["note"].label = _("Précisions pour le client")
        self.fields["note"].help_text = _("Obligatoire pour une autre raison. Le client les lira.")


class IdentityForm(ReasonForm):
    """The person is there, and has shown who they are."""

    document = forms.ChoiceField(
        label=_("Quelle pièce avez-vous vue ?"),
        choices=[*DOCUMENTS.items()],
        widget=Choices,
        error_messages={
            "required": _("Choisissez la pièce d’identité que vous avez vue."),
            "invalid_choice": _("Choisissez une pièce de la liste."),
        },
    )
    present = forms.BooleanField(
        label=_("La personne est devant moi, et la photo lui ressemble"),
        error_messages={"required": _("Cochez cette case quand la personne est devant vous.")},
    )

    field_order = (
        "document",
        "present",
        "email",
        "without_email",
        "mobile",
        "without_mobile",
        "reason",
        "note",
    )


class FileForm(IdentityForm):
    """What the file says is to change."""

    # What the page was made from: a colleague's change in between is not written over.
    seen = forms.RegexField(
        r"^[0-9a-f]{64}$",
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "null_characters_not_allowed"), _STALE),
    )


class PhoneForm(FileForm):
    """The number that codes will go to."""

    mobile = forms.CharField(
        label=_("Nouveau numéro de mobile"),
        help_text=_("De France ou d’outre-mer. Demandez à la personne de le lire à voix haute."),
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        error_messages={
            "required": _("Saisissez le nouveau numéro de mobile."),
            "max_length": NOT_A_NUMBER,
            "null_characters_not_allowed": NOT_A_NUMBER,
        },
    )

    def clean_mobile(self) -> str:
        return read_mobile(self.cleaned_data["mobile"])


class PrintedForm(forms.Form):
    """What erases the letters of a batch."""

    done = forms.BooleanField(
        label=_("Toutes ces lettres sont imprimées et mises sous pli"),
        error_messages={"required": _("Cochez cette case quand chaque lettre est dans son enveloppe.")},
    )


class ExceptionForm(ReasonForm):
    """Which way, for how many days, and why."""

    way = forms.ChoiceField(
        label=_("Quel moyen ?"),
        widget=Choices,
        error_messages={
            "required": _("Choisissez le moyen à ouvrir."),
            "invalid_choice": _("Choisissez un moyen de la liste."),
        },
    )
    days = forms.IntegerField(
        label=_("Pendant combien de jours ?"),
        min_value=1,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={
            "required": _("Saisissez un nombre de jours."),
            "invalid": _("Saisissez un nombre de jours, en chiffres."),
            "min_value": _("Il faut un jour au moins."),
            "max_value": _("C’est trop long : %(limit_value)s jours au plus."),
        },
    )

    field_order = ("way", "days", "reason", "note")

    def __init__(self, *args: Any, ways: Iterable[str], longest: timedelta, **kwargs: Any) -> None:
        ways = list(ways)
        super().__init__(*args, reasons=reasons_to_except(ways), **kwargs)
        offered = [(way, _("%(way)s — %(help)s") % {"way": WAYS[way], "help": HELP[way]}) for way in ways]
        self.fields["way"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField, as declared
        days = self.fields["days"]
        days.validators.append(MaxValueValidator(longest.days, days.error_messages["max_value"]))
        days.help_text = _("%(longest)s au plus. Ensuite, l’exception finit d’elle-même.") % {
            "longest": duration(longest)
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        way, reason = cleaned.get("way"), cleaned.get("reason")
        if way and reason and reason not in TO_EXCEPT[way]:
            self.add_error("reason", _("Cette raison ne va pas avec ce moyen : choisissez-en une autre."))
        return cleaned

    @property
    def lasts(self) -> timedelta:
        """Of a valid form."""
        return timedelta(days=self.cleaned_data["days"])
