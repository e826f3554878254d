"""The secret said again before a sensitive act, by who has no second factor or has a PIN as one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.forms.second_step import PinForm
from tenant_apps.identity.forms.sign_in import LONGEST_SECRET


class PinAgainForm(PinForm):
    """On a keypad that serves for nothing else."""

    step = "step-up"


class PasswordAgainForm(forms.Form):
    """By the policy, the only secret of this person."""

    code = forms.CharField(
        label=_("Mot de passe"),
        strip=False,
        max_length=LONGEST_SECRET,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={
            "required": _("Saisissez votre mot de passe."),
            "max_length": _("Ce mot de passe est trop long."),
            "null_characters_not_allowed": _("Ce mot de passe contient un caractère interdit."),
        },
    )
