"""A code that somebody received, by whatever way, typed with or without what was printed between its groups."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.domain.codes import without_spaces
from tenants.policy.sections.ways_in import CodeRules

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def code_field(*, label: "_StrPromise", required: "_StrPromise") -> forms.CharField:
    """To be cleaned by `cleaned_code`, and shaped by `shape_for`."""
    return forms.CharField(
        label=label,
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "required": required,
            "max_length": _("Ce code est trop long."),
            "null_characters_not_allowed": _("Ce code contient un caractère qui ne peut pas y être."),
        },
    )


def shape_for(field: forms.Field, *, rules: CodeRules) -> None:
    """The keyboard of a phone shows digits where the code has nothing else."""
    if rules.alphabet == "digits":
        field.widget.attrs["inputmode"] = "numeric"


def cleaned_code(typed: str, *, rules: CodeRules, lengths: Sequence[int] = ()) -> str:
    """Capitals stay capitals. `lengths`, ascending: those of the codes that are sent, when not that of the rules.

    Raises ValidationError.
    """
    lengths = lengths or (rules.length,)
    code = without_spaces(typed)
    if not code.isascii() or not code.isalnum() or (rules.alphabet == "digits" and not code.isdigit()):
        if rules.alphabet == "digits":
            raise ValidationError(_("Ce code ne contient que des chiffres."), code="characters")
        raise ValidationError(_("Ce code ne contient que des lettres et des chiffres."), code="characters")
    if len(code) not in lengths:
        params = {"length": lengths[0], "by_post": lengths[-1], "given": len(code)}
        raise ValidationError(
            _of_another_length(rules, several=len(lengths) > 1), code="length", params=params
        )
    return code


def _of_another_length(rules: CodeRules, *, several: bool) -> "_StrPromise":
    if rules.alphabet == "digits" and several:
        return _(
            "Ce code a %(length)s chiffres, ou %(by_post)s s’il est venu par courrier. "
            "Vous en avez tapé %(given)s."
        )
    if rules.alphabet == "digits":
        return _("Ce code a %(length)s chiffres. Vous en avez tapé %(given)s.")
    if several:
        return _(
            "Ce code a %(length)s signes, ou %(by_post)s s’il est venu par courrier. "
            "Vous en avez tapé %(given)s."
        )
    return _("Ce code a %(length)s signes. Vous en avez tapé %(given)s.")
