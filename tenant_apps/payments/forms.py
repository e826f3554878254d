"""The forms that a client sends to pay, and to give a payment up."""

from django import forms
from django.utils.translation import gettext_lazy as _

_STALE = _("Cette page est trop ancienne : vérifiez à nouveau votre panier, puis payez.")


class PayForm(forms.Form):
    """`form` was minted by the page: sent twice, it pays once."""

    form = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": _STALE, "invalid": _STALE})


class StopForm(forms.Form):
    """`basket`: what the client was about to pay, to go on with."""

    basket = forms.UUIDField(required=False, widget=forms.HiddenInput)
