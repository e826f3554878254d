"""What of a client's e-mail and mobile is to be corrected."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.clients.contact_rules import normal_email
from tenant_apps.desk.forms import LONGEST_SEARCH, NOT_A_NUMBER, FileForm, read_mobile
from tenant_apps.identity.correct_contact import Contact

_NOT_AN_ADDRESS = _("Ce n’est pas une adresse e-mail. Saisissez-la en entier, comme nom@example.org.")
_ONE_OR_NONE = _("Videz cette case, ou le champ juste au-dessus : les deux se contredisent.")


def clean_address(typed: str) -> str:
    """An e-mail address with its domain in small letters. Raises ValidationError."""
    try:
        return normal_email(typed)
    except forms.ValidationError as error:
        raise forms.ValidationError(_NOT_AN_ADDRESS) from error


class ContactForm(FileForm):
    """What is left empty stays as it is: the page shows nobody what the file says."""

    email = forms.EmailField(
        label=_("Nouvelle adresse e-mail"),
        help_text=_("Laissez vide si elle ne change pas. Demandez à la personne de l’épeler."),
        required=False,
        max_length=LONGEST_SEARCH,
        widget=forms.EmailInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages=dict.fromkeys(
            ("invalid", "max_length", "null_characters_not_allowed"), _NOT_AN_ADDRESS
        ),
    )
    without_email = forms.BooleanField(label=_("Le client n’a plus d’adresse e-mail"), required=False)
    mobile = forms.CharField(
        label=_("Nouveau numéro de mobile"),
        help_text=_("Laissez vide s’il ne change pas. De France ou d’outre-mer."),
        required=False,
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        error_messages=dict.fromkeys(("max_length", "null_characters_not_allowed"), NOT_A_NUMBER),
    )
    without_mobile = forms.BooleanField(label=_("Le client n’a plus de mobile"), required=False)

    def clean_email(self) -> str:
        typed = str(self.cleaned_data["email"])
        return clean_address(typed) if typed else ""

    def clean_mobile(self) -> str:
        typed = self.cleaned_data["mobile"]
        return read_mobile(typed) if typed else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("email", "mobile"):
            if cleaned.get(name) and cleaned.get(f"without_{name}"):
                self.add_error(f"without_{name}", _ONE_OR_NONE)
        names = ("email", "without_email", "mobile", "without_mobile")
        if not any(cleaned.get(name) or name in self.errors for name in names):
            self.add_error("email", _("Saisissez ce qui change : l’adresse, le numéro, ou les deux."))
        return cleaned

    @property
    def contact(self) -> Contact:
        """Of a valid form."""
        return Contact(email=self._wanted("email"), mobile=self._wanted("mobile"))

    def _wanted(self, name: str) -> str | None:
        return "" if self.cleaned_data[f"without_{name}"] else self.cleaned_data[name] or None
