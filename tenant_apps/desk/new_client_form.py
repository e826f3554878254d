"""Who is to be known to the caisse."""

import re
import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guichet.kernel.names import visible
from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import POSTAL_LINE_LENGTH, POSTAL_LINES
from tenant_apps.desk.access_form import clean_identifier, identifier_field, is_asked, opens_at_once
from tenant_apps.desk.contact_form import clean_address
from tenant_apps.desk.forms import FORBIDDEN, LONGEST_SEARCH, NOT_A_NUMBER, Choices, read_mobile
from tenant_apps.desk.pawn_forms import document_field
from tenant_apps.identity.people import client_of_identifier
from tenant_apps.pawn.products import PRODUCT as PAWN
from tenant_apps.pawn.services.register_new_client import Access, Person
from tenants.policy.document import Policy

OLDEST = date(1900, 1, 1)
# Code civil, art. 414 and 1146: who is younger cannot borrow.
OF_AGE = 18
_STALE = _("Cette page est trop ancienne : rouvrez « Nouveau client ».")
_NO_DAY = _("Saisissez la date de naissance, comme 21/10/1960.")
_NO_ADDRESS = _("Saisissez l’adresse : nos lettres partiront là.")
_TOO_LONG = _("Raccourcissez ce texte : %(limit_value)d signes au plus.")
_POSTCODE = re.compile(r"[0-9]{5}", re.ASCII)


def _line(label: Any, *, longest: int, missing: Any = None, **kwargs: Any) -> forms.CharField:
    """Without `missing`, it may stay empty."""
    words = {"required": missing, "max_length": _TOO_LONG, "null_characters_not_allowed": FORBIDDEN}
    return forms.CharField(
        label=label,
        max_length=longest,
        required=missing is not None,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={name: each for name, each in words.items() if each is not None},
        **kwargs,
    )


class NewClientForm(forms.Form):
    """The person is there. `number`: minted with the page, so that a file is opened once."""

    number = forms.UUIDField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), _STALE)
    )
    document = document_field()
    title = forms.ChoiceField(
        label=_("Civilité"),
        choices=[
            (Client.Title.MADAM.value, _("Mme")),
            (Client.Title.SIR.value, _("M.")),
            (Client.Title.NONE.value, _("Aucune")),
        ],
        widget=Choices,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choisissez une civilité, ou aucune.")
        ),
    )
    last_name = _line(_("Nom"), longest=80, missing=_("Saisissez le nom, comme sur la pièce d’identité."))
    first_name = _line(
        _("Prénom"), longest=80, missing=_("Saisissez le prénom, comme sur la pièce d’identité.")
    )
    birth_date = forms.DateField(
        label=_("Date de naissance"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
        error_messages={"required": _NO_DAY, "invalid": _NO_DAY},
    )
    email = forms.CharField(
        label=_("Adresse e-mail"),
        help_text=_("Laissez vide si la personne n’en a pas. Demandez-lui de l’épeler."),
        required=False,
        widget=forms.EmailInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    mobile = forms.CharField(
        label=_("Numéro de mobile"),
        help_text=_("Laissez vide si la personne n’en a pas. De France ou d’outre-mer."),
        required=False,
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        error_messages=dict.fromkeys(("max_length", "null_characters_not_allowed"), NOT_A_NUMBER),
    )
    postal_lines = forms.CharField(
        label=_("Adresse postale"),
        help_text=_("Le numéro et la rue ; au besoin le bâtiment ou chez qui, une ligne pour chacun."),
        widget=forms.Textarea(attrs={"autocomplete": "off", "rows": "3"}),
        error_messages={
            "required": _("Saisissez l’adresse : la loi demande le domicile (CMF D514-1)."),
            "null_characters_not_allowed": FORBIDDEN,
        },
    )
    postcode = _line(_("Code postal"), longest=12, missing=_("Saisissez le code postal."))
    town = _line(_("Ville"), longest=60, missing=_("Saisissez la ville."))
    country = _line(_("Pays"), longest=60, help_text=_("Laissez vide pour la France."))
    language = forms.ChoiceField(
        label=_("Dans quelle langue lui écrire ?"),
        choices=[("fr", _("Français")), ("en", _("Anglais"))],
        widget=Choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choisissez une langue.")),
    )
    another = forms.BooleanField(
        label=_("C’est une autre personne : j’ai comparé avec les dossiers ci-dessus"), required=False
    )

    def __init__(self, *args: Any, today: date, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"number": uuid.uuid4(), "language": "fr"}})
        self.today, self.policy = today, policy
        self.lends = PAWN in policy.products
        if is_asked(policy):
            self.fields["identifier"] = identifier_field(policy)
        if not self.lends:
            self.fields["postal_lines"].error_messages["required"] = str(_NO_ADDRESS)

    def clean_identifier(self) -> str:
        return clean_identifier(self.cleaned_data["identifier"], self.policy)

    @property
    def is_taken(self) -> bool:
        """Of a valid form: the number that was typed is that of another file. One query, none where none is asked."""
        typed = str(self.cleaned_data.get("identifier", ""))
        return bool(typed) and client_of_identifier(typed=typed, policy=self.policy) is not None

    @property
    def access(self) -> Access | None:
        """Of a valid form: what opens the way in with the file; None where the first contract will."""
        return Access(self.cleaned_data.get("identifier", "")) if opens_at_once(self.policy) else None

    def clean_last_name(self) -> str:
        return self._name("last_name")

    def clean_first_name(self) -> str:
        return self._name("first_name")

    def _name(self, field: str) -> str:
        name = visible(self.cleaned_data[field])
        if not any(mark.isalpha() for mark in name):
            raise ValidationError(str(self.fields[field].error_messages["required"]))
        return name

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        if not OLDEST <= born <= self.today:
            raise ValidationError(str(_NO_DAY))
        if (
            self.lends
            and (self.today.year - born.year) - ((self.today.month, self.today.day) < (born.month, born.day))
            < OF_AGE
        ):
            raise ValidationError(
                str(_("Cette personne est mineure : elle ne peut pas emprunter (Code civil 1146)."))
            )
        return born

    def clean_email(self) -> str:
        typed = self.cleaned_data["email"]
        return clean_address(typed) if typed else ""

    def clean_mobile(self) -> str:
        typed = self.cleaned_data["mobile"]
        return read_mobile(typed) if typed else ""

    def clean_postal_lines(self) -> list[str]:
        lines = [line for each in self.cleaned_data["postal_lines"].splitlines() if (line := visible(each))]
        if not lines:
            raise ValidationError(str(self.fields["postal_lines"].error_messages["required"]))
        if len(lines) > POSTAL_LINES or any(len(line) > POSTAL_LINE_LENGTH for line in lines):
            words = _(
                "Une enveloppe a %(lines)d lignes de %(signs)d signes au plus : raccourcissez l’adresse."
            )
            raise ValidationError(str(words) % {"lines": POSTAL_LINES, "signs": POSTAL_LINE_LENGTH})
        return lines

    def clean_town(self) -> str:
        return visible(self.cleaned_data["town"])

    def clean_country(self) -> str:
        country = visible(self.cleaned_data["country"])
        return "" if country.casefold() == "france" else country

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        postcode = visible(cleaned.get("postcode", ""))
        if postcode and not cleaned.get("country") and _POSTCODE.fullmatch(postcode.replace(" ", "")) is None:
            self.add_error(
                "postcode", _("Ce n’est pas un code postal de France, comme 75004. Sinon, saisissez le pays.")
            )
        return cleaned

    @property
    def person(self) -> Person:
        """Of a valid form."""
        given = {name: self.cleaned_data[name] for name in Person.__dataclass_fields__}
        bare = visible(given["postcode"])
        return Person(**{**given, "postcode": bare if given["country"] else bare.replace(" ", "")})
