"""The lines of the tariff's engine in plain words: what each sum is, and how it is found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guichet.kernel.formatting import NARROW, decimal_number
from guichet.kernel.money import Money
from guichet.web.templatetags.guichet import date_long, euros
from tenant_apps.pawn.domain.tariffs.lines import Kind, Line
from tenant_apps.pawn.wording import ACTS_CHARGED, PARTS


@dataclass(frozen=True, slots=True)
class Explained:
    """One line of a sum. `how`: a sentence or two."""

    label: str
    how: str
    amount: Money


def explained(*, lines: Iterable[Line], lent: Money) -> list[Explained]:
    """In their order; what comes to nothing is said too. `lent`: at the start of the loan."""
    return [Explained(label_of(line=each), _HOW[each.kind](each, lent), each.amount) for each in lines]


def label_of(*, line: Line) -> str:
    """What that sum is, in a word or two."""
    if line.kind is Kind.ACT:
        return str(ACTS_CHARGED.get(line.act, ACTS_CHARGED["other"]))
    return str(PARTS[line.kind.value])


def rate(value: Decimal) -> str:
    """`0,82 %`, as the language writes it."""
    english = (get_language() or "fr").startswith("en")
    return f"{decimal_number(value, 'en')}%" if english else f"{decimal_number(value, 'fr')}{NARROW}%"


def rate_per(value: Decimal, per: str) -> str:
    if per == "month":
        return gettext("%(rate)s par mois") % {"rate": rate(value)}
    if per == "year":
        return gettext("%(rate)s par an") % {"rate": rate(value)}
    return rate(value)


def _capital(line: Line, lent: Money) -> str:
    paid = lent - line.amount
    if not paid:
        return gettext("La somme prêtée.")
    said = gettext("La somme prêtée, %(lent)s, moins ce que vous en avez déjà remboursé, %(paid)s.")
    return said % {"lent": euros(lent), "paid": euros(paid)}


_COUNTED: dict[str, Promise] = {
    "half_month": _("Les quinzaines déjà comptées avant ne le sont pas une seconde fois."),
    "month": _("Les mois déjà comptés avant ne le sont pas une seconde fois."),
}


def _interest(line: Line, _lent: Money) -> str:
    span = gettext("Du %(start)s au %(end)s : %(periods)s à %(rate)s, sur %(base)s.") % {
        "start": date_long(line.start),
        "end": date_long(line.end),
        "periods": _periods(line),
        "rate": rate_per(line.rate or Decimal(0), line.rate_per),
        "base": euros(line.base or Money()),
    }
    if line.counted and line.period in _COUNTED:
        span = f"{span} {_COUNTED[line.period]}"
    if line.period == "half_month" and line.rate_per == "month":
        half = gettext("Une quinzaine compte pour la moitié d’un mois.")
        return f"{span} {half}"
    if line.period == "day":
        share = gettext("Chaque jour compte pour sa part de l’année.")
        return f"{span} {share}"
    return span


def _periods(line: Line) -> str:
    count = line.periods
    words = {
        "day": ngettext("%(count)s jour", "%(count)s jours", count),
        "half_month": ngettext("%(count)s quinzaine commencée", "%(count)s quinzaines commencées", count),
        "month": ngettext("%(count)s mois commencé", "%(count)s mois commencés", count),
    }
    said = words[line.period] % {"count": count}
    return gettext("%(periods)s, le minimum") % {"periods": said} if line.least else said


def _minimum(line: Line, _lent: Money) -> str:
    return gettext("Le tarif prévoit au moins %(sum)s d’intérêts.") % {"sum": euros(line.base or Money())}


def _fixed_fee(line: Line, _lent: Money) -> str:
    if line.rate is None or line.base is None:
        found = gettext("Un montant fixe du tarif.")
    else:
        found = gettext("%(rate)s de %(base)s.") % {"rate": rate(line.rate), "base": euros(line.base)}
    if line.periods > 1:
        times = ngettext("Dû pour %(count)s période.", "Dû pour %(count)s périodes.", line.periods)
        return f"{found} {times % {'count': line.periods}}"
    return found


def _penalty(line: Line, _lent: Money) -> str:
    late = ngettext("%(count)s jour de retard", "%(count)s jours de retard", line.periods)
    return gettext("%(late)s depuis l’échéance du %(term)s : %(rate)s de %(base)s.") % {
        "late": late % {"count": line.periods},
        "term": date_long(line.start),
        "rate": rate(line.rate or Decimal(0)),
        "base": euros(line.base or Money()),
    }


def _act(line: Line, _lent: Money) -> str:
    day = gettext("Le %(day)s, selon le tarif.") % {"day": date_long(line.start)}
    if line.rate is None or line.base is None:
        return day
    part = gettext("%(rate)s de la somme prêtée, %(base)s.") % {
        "rate": rate(line.rate),
        "base": euros(line.base),
    }
    return f"{day} {part}"


_HOW: dict[Kind, Callable[[Line, Money], str]] = {
    Kind.CAPITAL: _capital,
    Kind.INTEREST: _interest,
    Kind.MINIMUM: _minimum,
    Kind.FIXED_FEE: _fixed_fee,
    Kind.PENALTY: _penalty,
    Kind.ACT: _act,
}
