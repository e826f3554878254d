"""What the components are shown with. Every person, sum and key is invented."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guichet.kernel import formatting
from guichet.web.charts import Chart, Point, bar_chart
from tenant_apps.demo.showcase.forms import Codes, EveryField, Locked, Proof
from tenant_apps.identity.offers import Offer

PIN_LENGTH = 6
# As an authenticator application reads it; the key opens nothing.
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OTPAUTH = f"otpauth://totp/CCM%20Direct:demonstration?secret={KEY}&issuer=CCM%20Direct"
_SHUFFLED = (3, 4, 0, 7, 6, 9, 1, 8, 2, 5)
_MONTHS = (
    ("2026-01-01", "310"),
    ("2026-02-01", "420.50"),
    ("2026-03-01", "420.50"),
    ("2026-04-01", "610"),
    ("2026-05-01", "580"),
    ("2026-06-01", "745.20"),
    ("2026-07-01", "900"),
    ("2026-08-01", "870"),
    ("2026-09-01", "1015.36"),
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the keypad: where it lies, which digit it bears."""

    position: int
    digit: int


@dataclass(frozen=True, slots=True)
class Keypad:
    """As components/keypad.html takes it."""

    token: str
    rows: tuple[tuple[Key, ...], tuple[Key, ...]]
    length: int


@dataclass(frozen=True, slots=True)
class Step:
    """As components/timeline.html takes it."""

    title: str | Promise
    text: str | Promise
    date: date | None
    is_next: bool


@dataclass(frozen=True, slots=True)
class Tab:
    """As components/tabs.html and the menu take it."""

    label: str | Promise
    url: str
    is_current: bool
    count: int = 0


def samples() -> dict[str, Any]:
    """The context of the page, but for its theme."""
    wrong = {"faux-number": "C-", "faux-name": "", "faux-secret": "court"}
    return {
        "menu": [
            Tab(_("Tableau de bord"), "#contenu", is_current=True),
            Tab(_("Mon épargne"), "#listes", is_current=False),
            Tab(_("Virements"), "#chemins", is_current=False),
        ],
        "empty": EveryField(prefix="vide"),
        "wrong": EveryField(wrong, prefix="faux"),
        "locked": Locked(prefix="fixe"),
        "codes": Codes(prefix="codes"),
        "wrong_codes": Codes({}, prefix="codes-faux"),
        "proof": Proof(prefix="piece"),
        "wrong_proof": Proof({}, prefix="piece-fausse"),
        "keypad": _keypad(),
        "short_wait": timedelta(minutes=1, seconds=30),
        "tones": [
            ("", _("Aujourd’hui")),
            ("good", _("En cours")),
            ("warn", _("Bientôt à échéance")),
            ("bad", _("Refusé")),
        ],
        "sum_due": Decimal("1059.20"),
        "page": Paginator(range(60), 25).page(2),
        "sum_lent": Decimal(1000),
        "tabs": _tabs(),
        "stages": [_("Préparer"), _("Vérifier"), _("Confirmer")],
        "steps": _steps(),
        "rows": _rows(),
        "offers": _offers(),
        "chart": _chart(),
        "otpauth": OTPAUTH,
        "key": KEY,
    }


def _offers() -> list[Offer]:
    return [
        Offer("contract", _("Vos contrats en détail"), _("Dates, objets, sommes dues.")),
        Offer("calendar", _("Vos échéances à l’avance"), _("Ce qui arrive en premier est en tête de liste.")),
    ]


def _keypad() -> Keypad:
    keys = tuple(Key(position, digit) for position, digit in enumerate(_SHUFFLED))
    return Keypad(token="demonstration", rows=(keys[:5], keys[5:]), length=PIN_LENGTH)  # noqa: S106  # opens nothing


def _tabs() -> list[Tab]:
    return [
        Tab(_("Nouveau virement"), "#chemins", is_current=False),
        Tab(_("En attente"), "#chemins", is_current=True, count=2),
        Tab(_("Permanents"), "#chemins", is_current=False),
        Tab(_("Historique"), "#chemins", is_current=False),
    ]


def _steps() -> list[Step]:
    return [
        Step(_("Échéance"), _("Payez avant, en agence."), date(2026, 11, 2), is_next=True),
        Step(_("Délai de grâce"), _("Vous pouvez encore payer, avec pénalité."), None, is_next=False),
        Step(_("Vente aux enchères"), _("Elle est annoncée à l’avance."), None, is_next=False),
    ]


def _rows() -> list[dict[str, Any]]:
    return [
        {"label": _("Du compte"), "value": _("Compte technique"), "url": "#chemins"},
        {"label": _("Vers le compte"), "value": _("Livret solidaire"), "url": "#chemins"},
        {"label": _("Montant"), "value": formatting.euros(Decimal(150), _language()), "url": "#chemins"},
        {"label": _("Référence"), "value": "V-7K2M-04"},
    ]


def _chart() -> Chart:
    language = _language()
    days = [date.fromisoformat(day) for day, _value in _MONTHS]
    values = [Decimal(value) for _day, value in _MONTHS]
    names = [formatting.date_long(day, language).split()[1] for day in days]
    points = [
        Point(
            name=name[:4],
            full_name=f"{name} {day.year}",
            value=value,
            text=formatting.euros(value, language),
            is_now=day == days[-1],
        )
        for name, day, value in zip(names, days, values, strict=True)
    ]
    return bar_chart(
        title=gettext("Votre épargne, en euros"),
        of_names=gettext("Mois"),
        of_values=gettext("Épargne"),
        points=points,
        language=language,
    )


def _language() -> formatting.Language:
    return "en" if (get_language() or "fr").startswith("en") else "fr"
