"""What an operator may ask of the list of caisses."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.models import State

LONGEST_WORDS = 80


class SearchForm(forms.Form):
    """Sent by GET, so that what was found has an address."""

    q = forms.CharField(
        label=_("Nom ou ville"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={
            "max_length": _("Ce texte est trop long : quelques mots du nom ou de la ville suffisent."),
            "null_characters_not_allowed": _("Ce texte contient un caractère qui ne peut pas y être."),
        },
    )
    etat = forms.ChoiceField(
        label=_("État"),
        required=False,
        choices=[("", _("Tous")), (State.ACTIVE, _("Ouvertes")), (State.SUSPENDED, _("Suspendues"))],
        error_messages={"invalid_choice": _("Choisissez un état de la liste.")},
    )

    @property
    def words(self) -> str:
        return str(self.cleaned_data.get("q", ""))

    @property
    def state(self) -> str:
        return str(self.cleaned_data.get("etat", ""))
