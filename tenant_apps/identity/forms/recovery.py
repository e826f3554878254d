"""A forgotten secret: the code that was sent, with the identifier, alone, or with a new secret."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.forms.codes import cleaned_code, code_field, shape_for
from tenant_apps.identity.forms.new_password import NewPasswordForm
from tenant_apps.identity.forms.new_pin import NewPinForm
from tenant_apps.identity.forms.sign_in import IdentifierForm
from tenants.policy.sections.ways_in import CodeRules


class CodeForm(forms.Form):
    """The code alone, for whom the identifier is known; mixed into the forms that ask for more."""

    code = code_field(label=_("Code reçu"), required=_("Saisissez le code que vous avez reçu."))

    def __init__(self, *args: Any, code_rules: CodeRules, code_lengths: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code_rules = code_rules
        self.code_lengths = code_lengths
        shape_for(self.fields["code"], rules=code_rules)
        if code_rules.alphabet != "digits":
            self.fields["code"].help_text = _("Les majuscules et les minuscules comptent.")

    def clean_code(self) -> str:
        return cleaned_code(self.cleaned_data["code"], rules=self.code_rules, lengths=self.code_lengths)


class IdentifiedCodeForm(CodeForm, IdentifierForm):
    """For who comes later, with the letter in hand."""

    field_order = ("identifier", "code")


class CodeAndPasswordForm(CodeForm, NewPasswordForm):
    """Behind a link: the code that came by another way, and the new password."""

    field_order = ("code", "password", "again")


class CodeAndPinForm(CodeForm, NewPinForm):
    """Behind a link: the code that came by another way, and the new PIN."""

    field_order = ("code", "pin", "again")
