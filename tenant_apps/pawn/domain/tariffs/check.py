"""What a tariff is worth before anybody lends by it. An error forbids to apply it, a warning does not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from guichet.kernel.formatting import date_long
from guichet.kernel.money import Money
from tenant_apps.pawn.domain.law import LONGEST_MONTHS
from tenant_apps.pawn.domain.tariffs.debt import simulate
from tenant_apps.pawn.domain.tariffs.document import SignOff, TariffDocument
from tenant_apps.pawn.domain.tariffs.months import MONTHS_A_YEAR
from tenant_apps.pawn.domain.tariffs.signing import covers
from tenant_apps.pawn.domain.tariffs.taeg import shown
from tenant_apps.pawn.domain.tariffs.tariff import TaegOnlyError, Tariff, tariff_of
from tenant_apps.pawn.domain.tariffs.usury import Period, nearest_to, period_on, periods_since
from tenant_apps.pawn.domain.tariffs.words import accepted_in_words, case_in_words, period_in_words
from tenant_apps.pawn.domain.tariffs.worst import Worst, worst_cases
from tenants.policy.checks.finding import HOUSE, Finding, Rule

_USURY = Rule("usury-ceiling", "law", "Code de la consommation, L314-6")
_UNKNOWN = Rule("usury-unknown", "house", HOUSE)
_NOMINAL = Rule("nominal-rates", "house", HOUSE)
_TWO_YEARS = Rule("two-years", "law", "CMF D514-7")
_PUBLISHED = Rule("published-taeg", "house", HOUSE)
_CHOICES = Rule("choices", "house", HOUSE)
_SOURCE = Rule("source", "house", HOUSE)

NEARLY = Decimal("0.05")
"""By how much, in points, a published TAEG may differ from the computed one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, and the dearest loan of each period that was looked at."""

    findings: tuple[Finding, ...]
    worst: tuple[Worst, ...]

    @property
    def errors(self) -> list[Finding]:
        return [each for each in self.findings if each.level == "error"]


def check(document: TariffDocument, *, on: date | None = None, today: date | None = None) -> Verdict:
    """At the ceilings of every known period since the tariff's first day; `on`, at those of that day alone.

    `today` is for a tariff by which loans are signed: it warns where the ceilings of the day are not known.
    """
    findings = [*_of_the_file(document)]
    try:
        tariff = tariff_of(document)
    except TaegOnlyError:
        message = (
            "des TAEG ne disent pas ce qui les compose : écrivez les taux nominaux pour appliquer ce tarif"
        )
        return Verdict((*findings, _NOMINAL.error("published_as", message)), ())
    day = on or document.valid_from
    if period_on(day) is None:
        findings.append(_UNKNOWN.error("valid_from", _unknown(day)))
    elif today is not None and period_on(today) is None:
        findings.append(_UNKNOWN.warning("valid_from", _unknown(today)))
    periods = _looked_at(day) if on else periods_since(day)
    cases = worst_cases(tariff, periods, since=day)
    for period in periods:
        findings += _breaches(document, [case for case in cases if case.period is period], day)
    findings += _published_taegs(tariff)
    return Verdict(tuple(findings), tuple(_worst_of_each(cases, periods)))


def _looked_at(day: date) -> list[Period]:
    found = period_on(day)
    return [found] if found else []


def _worst_of_each(cases: list[Worst], periods: list[Period]) -> list[Worst]:
    """By what is above the ceiling, or least below it."""
    return [_worst(case for case in cases if case.period is period) for period in periods]


def _worst(cases: Iterable[Worst]) -> Worst:
    return max(cases, key=lambda case: (case.breaches, case.excess))


def _unknown(day: date) -> str:
    nearest = period_in_words(nearest_to(day).period)
    return (
        f"le seuil de l’usure du {date_long(day, 'fr')} n’est pas connu ici (le plus proche : {nearest}) : "
        "ajoutez-le à usury.toml, avec sa source"
    )


def _breaches(document: TariffDocument, cases: list[Worst], since: date) -> Iterator[Finding]:
    """Of one period: the dearest that nobody signed for, and the dearest that somebody did."""
    sign_off = document.usury_sign_off
    found = [case for case in cases if case.breaches]
    signed = [case for case in found if sign_off and _is_signed_for(case, sign_off, since)]
    others = [case for case in found if case not in signed]
    if others:
        said = case_in_words(_worst(others))
        if sign_off is None:
            yield _USURY.error("brackets", f"{said} : baissez le taux ou les frais")
        else:
            yield _USURY.error(
                "usury_sign_off", f"{said}. Le dépassement accepté est autre : {_limits(sign_off)}"
            )
    if signed and sign_off:
        by = f"accepté par {sign_off.by} le {date_long(sign_off.on, 'fr')} : {sign_off.reason}"
        yield _USURY.warning("usury_sign_off", f"{case_in_words(_worst(signed))}. Dépassement {by}")


def _is_signed_for(case: Worst, sign_off: SignOff, since: date) -> bool:
    """For every day of the period on which a loan may be signed."""
    first, last = max(case.period.start, since), case.period.end
    return any(
        covers(each, case.simulation) and each.since <= first and last <= each.until
        for each in sign_off.accepted
    )


def _limits(sign_off: SignOff) -> str:
    return " ; ".join(map(accepted_in_words, sign_off.accepted))


def _published_taegs(tariff: Tariff) -> Iterator[Finding]:
    """Over a year, at the top of the bracket, else at the greatest amount."""
    greatest = tariff.document.amounts.greatest
    for number, bracket in enumerate(tariff.document.brackets):
        if bracket.published_taeg is None or MONTHS_A_YEAR not in tariff.document.months:
            continue
        capital = min(bracket.up_to or greatest, greatest)
        step = tariff.document.amounts.step.cents
        whole = Money(capital.cents // step * step)
        found = simulate(tariff=tariff, capital=whole, start=tariff.valid_from, months=MONTHS_A_YEAR).taeg
        if abs(found - bracket.published_taeg) > NEARLY:
            yield _PUBLISHED.warning(
                f"brackets.{number}.published_taeg",
                f"le TAEG calculé est de {shown(found)} % et non de {bracket.published_taeg} %",
            )


def _of_the_file(document: TariffDocument) -> Iterator[Finding]:
    if document.origin == "published" and not document.source:
        yield _SOURCE.error("source", "un tarif publié dit où il l’est")
    shortest = min(document.months)
    for number, months in enumerate(document.prolongation.months):
        if shortest + months > LONGEST_MONTHS:
            yield _TWO_YEARS.warning(
                f"prolongation.months.{number}",
                f"{shortest} mois puis {months} dépassent toujours {LONGEST_MONTHS} mois",
            )
    written = document.model_dump(mode="json")
    for number, choice in enumerate(document.choices):
        if not _exists(written, choice.setting):
            yield _CHOICES.error(
                f"choices.{number}.setting", f"« {choice.setting} » n’est pas une clé de ce tarif"
            )


def _exists(written: Any, setting: str) -> bool:
    for step in setting.split("."):
        if isinstance(written, dict) and step in written:
            written = written[step]
        elif isinstance(written, list) and step.isdecimal() and int(step) < len(written):
            written = written[int(step)]
        else:
            return False
    return True
