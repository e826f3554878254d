"""A recovery code, read on paper."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RecoveryCodeForm(forms.Form):
    """Large or small letters, with or without the dash."""

    code = forms.CharField(
        label=_("Code de secours"),
        max_length=32,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Saisissez le code."),
            "max_length": _("Ce code est trop long."),
            "null_characters_not_allowed": _("Ce code ne contient que des lettres et des chiffres."),
        },
    )
