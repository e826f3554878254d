"""The form that a client sends to pay."""

from django import forms
from django.utils.translation import gettext_lazy as _

_STALE = _("Cette page est trop ancienne : vérifiez à nouveau votre panier, puis payez.")


class PayForm(forms.Form):
    """`form` was minted by the page: sent twice, it pays once."""

    form = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": _STALE, "invalid": _STALE})
