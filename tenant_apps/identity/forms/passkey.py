"""What a person calls a passkey, so as to know it again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.passkeys import NAME_LENGTH


class PasskeyForm(forms.Form):
    """What the browser has made stands beside it, and is no field of a person's."""

    name = forms.CharField(
        label=_("Nom de cette clé"),
        help_text=_("Par exemple : mon téléphone."),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Donnez-lui un nom."),
            "max_length": _("Ce nom est trop long."),
            "null_characters_not_allowed": _("Ce nom contient un caractère interdit."),
        },
    )
