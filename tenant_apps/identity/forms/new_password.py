"""A new password, twice."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tenant_apps.identity.common_passwords import is_common
from tenant_apps.identity.domain.passwords import (
    Requirement,
    is_monotonous,
    requirements,
    says,
    strength,
)
from tenant_apps.identity.password_rules import RuleLine, in_words, rule_lines, strength_words
from tenants.policy.document import Policy

_NUL = _("Ce mot de passe contient un caractère interdit.")


class NewPasswordForm(forms.Form):
    """`own_words`: names and identifier of the person, which the password may not hold, nor the birth date."""

    password = forms.CharField(
        label=_("Nouveau mot de passe"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choisissez un mot de passe."), "null_characters_not_allowed": _NUL},
    )
    again = forms.CharField(
        label=_("Le même mot de passe, encore une fois"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={
            "required": _("Tapez votre mot de passe une seconde fois."),
            "null_characters_not_allowed": _NUL,
        },
    )

    def __init__(
        self,
        *args: object,
        policy: Policy,
        own_words: Sequence[str],
        birth_date: date | None,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through to Django as they came
        self.policy = policy
        self.own_words = own_words
        self.birth_date = birth_date

    @property
    def refused(self) -> str:
        """What was typed, when something is wrong with it; the field is empty again whatever was wrong."""
        return str(self.data.get("password", "")) if self.has_error("password") else ""

    @property
    def rules(self) -> list[RuleLine]:
        return rule_lines(policy=self.policy, typed=self.refused)

    @property
    def strength(self) -> str:
        """In words, of what was refused; empty when nothing was."""
        if not self.refused:
            return ""
        easy = self.has_error("password", "personal") or self.has_error("password", "common")
        return strength_words()["weak" if easy else strength(self.refused)]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        longest = self.policy.secret.password.max_length
        if len(password) > longest:
            raise ValidationError(
                _("Ce mot de passe est trop long : %(longest)s caractères au plus."),
                code="max_length",
                params={"longest": longest},
            )
        missing = [
            each for each in requirements(self.policy.secret.password) if each.count(password) < each.least
        ]
        if missing:
            raise ValidationError([_lacks(each, password) for each in missing])
        if says(password, words=self.own_words, birth_date=self.birth_date):
            raise ValidationError(
                _(
                    "Ce mot de passe contient votre nom, votre identifiant ou votre date de naissance. "
                    "Choisissez-en un autre."
                ),
                code="personal",
            )
        if is_common(password) or is_monotonous(password):
            raise ValidationError(
                _("Beaucoup de gens ont ce mot de passe : il est essayé en premier. Choisissez-en un autre."),
                code="common",
            )
        return password

    def clean(self) -> dict[str, object]:
        password, again = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if password is not None and again is not None and password != again:
            self.add_error(
                "again", ValidationError(_("Les deux mots de passe ne sont pas les mêmes."), code="differs")
            )
        return self.cleaned_data


def _lacks(asked: Requirement, password: str) -> ValidationError:
    if asked.kind == "length":
        return ValidationError(
            ngettext(
                "Ce mot de passe a %(given)s caractère. Il en faut %(least)s au moins.",
                "Ce mot de passe a %(given)s caractères. Il en faut %(least)s au moins.",
                len(password),
            ),
            code="length",
            params={"given": len(password), "least": asked.least},
        )
    return ValidationError(_("Il manque : %(rule)s."), code=asked.kind, params={"rule": in_words(asked)})
