"""How a tariff counts time, in sentences for the client."""

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guichet.web.templatetags.guichet import euros
from tenant_apps.pawn.domain.tariffs.document import TariffDocument

_PERIODS: dict[str, Promise] = {
    "day": _("Les intérêts se comptent au jour le jour."),
    "half_month": _("Les intérêts se comptent par quinzaine : une quinzaine commencée est due."),
    "month": _("Les intérêts se comptent par mois : un mois commencé est dû."),
}


def applied_in_words(*, document: TariffDocument) -> list[str]:
    """By slice, or on the whole sum. Nothing of a single rate."""
    _first, *others = document.brackets
    if not others:
        return []
    if document.applied == "slices":
        return [gettext("Chaque taux s’applique à sa tranche : une somme plus grande en traverse plusieurs.")]
    return [
        gettext("Un seul taux, selon la somme prêtée : il s’applique à toute la somme, et non par tranches.")
    ]


def counted_in_words(*, document: TariffDocument) -> list[str]:
    """By what periods, and the least that is due."""
    counting = document.counting
    said = [str(_PERIODS[counting.period])]
    if counting.least_periods:
        least = _least(counting.period, counting.least_periods)
        said.append(gettext("Minimum : %(least)s, même si vous remboursez le jour même.") % {"least": least})
    if counting.least_sum:
        said.append(
            gettext("Minimum : %(sum)s d’intérêts, même si vous remboursez le jour même.")
            % {"sum": euros(counting.least_sum)}
        )
    return said


def _least(period: str, count: int) -> str:
    words = {
        "day": ngettext("%(count)s jour d’intérêts", "%(count)s jours d’intérêts", count),
        "half_month": ngettext("%(count)s quinzaine d’intérêts", "%(count)s quinzaines d’intérêts", count),
        "month": ngettext("%(count)s mois d’intérêts", "%(count)s mois d’intérêts", count),
    }
    return words[period] % {"count": count}


def prolongation_in_words(*, document: TariffDocument) -> str:
    """From when the new months are counted: the law leaves it to the caisse (CMF D514-7)."""
    if not document.prolongation.months:
        return ""
    if document.prolongation.runs_from == "term":
        return gettext("La nouvelle durée s’ajoute à l’échéance : payer plus tôt ne fait rien perdre.")
    return gettext("La nouvelle durée se compte depuis le jour où vous payez, et non depuis l’échéance.")
