"""`{% load guichet %}`: values as people read them, in the language of the page."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Protocol

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext
from qrcode.image.base import BaseImage
from qrcode.main import QRCode

from guichet.kernel import formatting
from guichet.kernel.gsm import to_gsm
from guichet.kernel.money import Money
from tenants.policy import secret_name as named
from tenants.policy.sections.caisse import CaisseSection
from tenants.policy.sections.secret import SecretSection
from tenants.policy.typography import french, unbroken_hours

register = template.Library()

_CODE = re.compile(r"(?<![\w&#;])(\d{4,10})(?![\w;])", re.ASCII)
# The white around the code, in squares: ISO/IEC 18004 wants four.
_QUIET_ZONE = 4
_PICTURES = Path(__file__).resolve().parent.parent / "static" / "guichet"


class _Translated(Protocol):
    def for_language(self, code: str) -> str: ...


def _language() -> formatting.Language:
    return "en" if (get_language() or "fr").startswith("en") else "fr"


@register.filter
def euros(amount: Money | Decimal) -> str:
    return formatting.euros(amount, _language())


@register.filter
def grams(weight: Decimal) -> str:
    return f"{formatting.decimal_number(weight, _language())}{formatting.NO_BREAK}g"


@register.filter
def count(number: int | None) -> str:
    """In groups of thousands: `1 240`. Nothing for what nobody counted."""
    return "" if number is None else formatting.decimal_number(Decimal(number), _language())


@register.filter
def date_long(day: date | datetime) -> str:
    """A moment is first brought to the time zone of the page."""
    if isinstance(day, datetime):
        day = timezone.localtime(day) if timezone.is_aware(day) else day
    return formatting.date_long(day, _language())


@register.filter
def date_short(day: datetime) -> str:
    """For a dense table: `21/10/2026`, in the time zone of the page."""
    return formatting.date_short(timezone.localtime(day))


@register.filter
def moment_short(value: datetime) -> str:
    """For a dense table: `21/10/2026, 18 h 42`."""
    local = timezone.localtime(value)
    return f"{formatting.date_short(local)}, {formatting.time_short(local.time(), _language())}"


@register.filter
def moment(value: datetime) -> str:
    """The day and the hour: `21 octobre 2026 à 18 h 42`."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return gettext("%(day)s à %(hour)s") % {
        "day": formatting.date_long(local, _language()),
        "hour": formatting.time_short(local.time(), _language()),
    }


@register.filter
def hour(value: datetime) -> str:
    """`18 h 42`, in the time zone of the page."""
    return formatting.time_short(timezone.localtime(value).time(), _language())


@register.filter
def phone(number: str) -> str:
    return formatting.phone(number)


@register.filter
def phone_address(number: str) -> str:
    return formatting.phone_address(number)


@register.filter
def duration(length: timedelta) -> str:
    """`5 minutes`, `24 heures`, `1 minute et 30 secondes`."""
    parts = [_counted(count, unit) for count, unit in formatting.duration_units(length)]
    return gettext(" et ").join(parts)


@register.filter
def file_size(count: int) -> str:
    """`23 Ko`: what a telephone will have to fetch, in the unit that it shows itself."""
    return gettext("%(size)s\u00a0Ko") % {
        "size": formatting.decimal_number(Decimal(max(1, round(count / 1000))), _language())
    }


@register.filter
def grouped(identifier: str) -> str:
    return formatting.grouped(identifier)


@register.filter
def in_fours(key: str) -> list[str]:
    """What a person copies letter by letter, in pieces that the eye holds."""
    return [key[start : start + 4] for start in range(0, len(key), 4)]


@register.filter
def words(text: _Translated | str) -> str:
    """A text that the caisse wrote in both languages, in the language of the page."""
    chosen = text if isinstance(text, str) else text.for_language(_language())
    return unbroken_hours(french(chosen)) if _language() == "fr" else chosen


@register.filter
def body(caisse: CaisseSection) -> str:
    """What the establishment is, as a common noun: both are feminine in French."""
    return gettext("mutuelle") if caisse.body == "mutual" else gettext("caisse")


@register.filter
def secret_name(section: SecretSection) -> str:
    """A password or a PIN, by the word that clients read of it everywhere."""
    return named.secret_name(section)


@register.filter
def gsm(text: str) -> str:
    return to_gsm(text)


@register.filter
def codes_shown_large(text: str) -> SafeString:
    """The text, with each run of digits that may be a code made large and easy to copy."""
    safe = conditional_escape(text)
    return mark_safe(_CODE.sub(r'<strong class="code-shown">\1</strong>', safe))  # noqa: S308  # escaped just above


@register.filter
def initial(name: str) -> str:
    """The letter that stands for a caisse's town."""
    return name.strip()[:1].upper()


@register.simple_tag
def amount(value: Money | Decimal, size: str = "") -> SafeString:
    """The sum that matters on a page, with a smaller sign. `size` is empty or `medium`."""
    figure, _, sign = formatting.euros(value, _language()).partition(formatting.NO_BREAK)
    shape = f"amount amount-{size}" if size else "amount"
    if not sign:
        return format_html('<span class="{}">{}</span>', shape, figure)
    return format_html(
        '<span class="{}">{}<small>{}{}</small></span>', shape, figure, formatting.NO_BREAK, sign
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing of templates/icons/, hidden from screen readers: the words beside it say it all."""
    return render_to_string(f"icons/{name}.svg")


@register.simple_tag
def qr(text: str) -> SafeString:
    """What an application scans, drawn in the page: what it says stands at no address of its own."""
    code: QRCode[BaseImage] = QRCode(border=_QUIET_ZONE)
    code.add_data(text)
    rows = code.get_matrix()
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    return format_html(
        '<svg class="qr-code" viewBox="0 0 {0} {0}" shape-rendering="crispEdges" role="img" aria-label="{1}">'
        '<path d="{2}" fill="currentColor"/></svg>',
        len(rows),
        gettext("Code à scanner"),
        dark,
    )


@register.simple_tag
def picture(folder: str, name: str) -> str:
    """The address of static/guichet/<folder>/<name>.svg, or of its `other.svg` for what nobody has drawn."""
    return static(f"guichet/{folder}/{name if name in _drawn(folder) else 'other'}.svg")


@register.simple_tag
def control(field: BoundField, autocomplete: str = "") -> SafeString:
    """The field's widget. Attributes that the form gave stay; an identifier or a code is never corrected."""
    given = field.field.widget.attrs
    usual = {"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
    return field.as_widget(
        attrs={name: value for name, value in usual.items() if value and name not in given}
    )


@cache
def _drawn(folder: str) -> frozenset[str]:
    return frozenset(file.stem for file in Path(f"{_PICTURES}/{folder}").glob("*.svg"))


def _counted(count: int, unit: formatting.Unit) -> str:
    words = {
        "day": ngettext("%(count)s jour", "%(count)s jours", count),
        "hour": ngettext("%(count)s heure", "%(count)s heures", count),
        "minute": ngettext("%(count)s minute", "%(count)s minutes", count),
        "second": ngettext("%(count)s seconde", "%(count)s secondes", count),
    }
    return (words[unit] % {"count": count}).replace(" ", formatting.NO_BREAK, 1)
