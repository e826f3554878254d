"""A form with every kind of field, empty and wrong."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACCOUNTS = [("", _("Choisissez un compte")), ("1", _("Compte technique")), ("2", _("Livret solidaire"))]
RHYTHMS = [("once", _("Une fois")), ("monthly", _("Chaque mois"))]


def _missing(sentence: Promise) -> dict[str, Any]:
    return {"error_messages": {"required": sentence}}


class EveryField(forms.Form):
    """One field of each kind that components/field.html shows."""

    name = forms.CharField(
        label=_("Nom"),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        **_missing(_("Écrivez votre nom.")),
    )
    number = forms.CharField(
        label=_("Numéro de client"),
        help_text=_("Il figure sur vos courriers."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    secret = forms.CharField(
        label=_("Mot de passe"), widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    account = forms.ChoiceField(label=_("Compte"), choices=ACCOUNTS, **_missing(_("Choisissez un compte.")))
    message = forms.CharField(
        label=_("Votre message"),
        widget=forms.Textarea(attrs={"rows": 3}),
        **_missing(_("Écrivez votre message.")),
    )
    rhythm = forms.ChoiceField(
        label=_("Quand"),
        help_text=_("Vous pourrez arrêter à tout moment."),
        choices=RHYTHMS,
        widget=forms.RadioSelect,
        **_missing(_("Dites si c’est une fois ou chaque mois.")),
    )
    agreed = forms.BooleanField(
        label=_("J’accepte les conditions d’utilisation"),
        **_missing(_("Cochez la case pour continuer.")),
    )


class Codes(forms.Form):
    """A one-time code and a PIN that is chosen: typed, then typed again."""

    code = forms.CharField(
        label=_("Code reçu"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        **_missing(_("Recopiez le code du SMS.")),
    )
    pin = forms.CharField(
        label=_("Code secret"),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric"}),
        **_missing(_("Composez tous les chiffres de votre code.")),
    )
    again = forms.CharField(
        label=_("Encore une fois"), widget=forms.PasswordInput(attrs={"inputmode": "numeric"})
    )


class Proof(forms.Form):
    """A file to give."""

    proof = forms.FileField(
        label=_("Justificatif de domicile"),
        help_text=_("Une photo ou un PDF."),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf"}),
        **_missing(_("Ajoutez une photo ou un PDF.")),
    )


class Locked(forms.Form):
    """What is shown and cannot be changed here."""

    name = forms.CharField(label=_("Agence"), initial="Nîmes", disabled=True)
