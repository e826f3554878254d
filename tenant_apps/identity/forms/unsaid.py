"""A field that never says again what was typed in it: a NIR is masked on every screen."""

from django import forms
from django.utils.translation import gettext_lazy as _

AGAIN = _("Tapez-le de nouveau : pour votre sécurité, il n’est pas réaffiché.")


class UnsaidInput(forms.TextInput):
    """Comes back empty, whatever was typed and whosever it is."""

    def format_value(self, value: object) -> None:
        return None


def unsay(form: forms.Form, *, name: str) -> None:
    """Empty in the answer, which says why."""
    field = form.fields[name]
    field.widget = UnsaidInput(attrs=field.widget.attrs)
    if form.is_bound:
        field.help_text = f"{field.help_text} {AGAIN}".strip()
