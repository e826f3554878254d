"""A caisse and its report as the console shows them.

A report was made by the release that the caisse's worker runs, which may be older or newer than this one: what is
missing stays empty, what is unknown is shown as it came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from shared_apps.console import wording
from tenants.brand.theme import UnknownThemeError, load_theme
from tenants.models import Caisse, CaisseReport
from tenants.reports.figures import Figure, figures

OLD_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFigure:
    """One of `count` and `moment` at most; neither when nothing is known of it."""

    label: str | Promise
    column: str | Promise
    count: int | None = None
    moment: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVersion:
    """One line of the history of a policy."""

    number: int
    author: str
    reason: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDraft:
    """Rules that wait to be published. `is_stale`: another version was published since it was begun; `commands`: what
    to type next, on the server.
    """

    author: str
    at: datetime | None
    written_from: int
    is_stale: bool
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReport:
    """What a caisse last said of itself."""

    as_of: datetime
    is_old: bool
    lag: timedelta | None
    errors: int
    warnings: int
    published_at: datetime | None
    body: str
    theme: str
    identifier: str
    secret: str
    second_factor: Sequence[str]
    second_factor_required: bool
    products: Sequence[str]
    unserved: Sequence[str]
    figures: Sequence[ShownFigure]
    draft: ShownDraft | None


def shown_report(report: CaisseReport, *, version: int, now: datetime) -> ShownReport:
    """`version` is what the caisse's row says is in force: the report may be of the one before."""
    facts: dict[str, Any] = report.facts
    of_this_version = facts.get("version") == version
    return ShownReport(
        as_of=report.as_of,
        is_old=now - report.as_of > OLD_AFTER,
        lag=None if report.lag_seconds is None else timedelta(seconds=report.lag_seconds),
        errors=report.errors,
        warnings=report.warnings,
        published_at=_moment(facts.get("published_at")) if of_this_version else None,
        body=wording.said(wording.BODIES, facts.get("body", "")),
        theme=_theme(str(facts.get("theme", ""))),
        identifier=wording.said(wording.IDENTIFIERS, facts.get("identifier", "")),
        secret=wording.said(wording.SECRETS, facts.get("secret", "")),
        second_factor=_said_of_each(wording.FACTORS, facts.get("second_factor")),
        second_factor_required=bool(facts.get("second_factor_required")),
        products=_said_of_each(wording.PRODUCTS, facts.get("products")),
        unserved=_ways(facts.get("unserved")),
        figures=[_figure(each, report.figures.get(each.name)) for each in figures()],
        draft=_draft(facts.get("draft"), version=version, schema=report.caisse.schema_name),
    )


def shown_versions(report: CaisseReport) -> list[ShownVersion]:
    return [
        ShownVersion(
            number=each["number"], author=each["author"], reason=each["reason"], at=_moment(each["at"])
        )
        for each in report.versions
    ]


def shown_findings(report: CaisseReport) -> list[dict[str, str]]:
    """Errors first, as the check has them; with the label and the place in words."""
    return [
        {
            **each,
            "kind": wording.said(wording.LABELS, each["label"]),
            "place": wording.section_of(each["path"]),
        }
        for each in report.findings
    ]


def hosts_of(caisse: Caisse) -> list[str]:
    """The one of its mails first."""
    return [each.domain for each in caisse.domains.all()]


def _draft(said: object, *, version: int, schema: str) -> ShownDraft | None:
    if not isinstance(said, dict):
        return None
    is_stale = said["written_from"] != version
    return ShownDraft(
        author=said["author"],
        at=_moment(said["at"]),
        written_from=said["written_from"],
        is_stale=is_stale,
        commands=_commands(schema, is_stale=is_stale),
    )


def _commands(schema: str, *, is_stale: bool) -> tuple[str, ...]:
    if is_stale:
        return (f"manage.py policy draft {schema} {gettext('FICHIER')}",)
    return (
        f"manage.py policy rehearse {schema}",
        f'manage.py policy publish {schema} --reason "{gettext("RAISON")}"',
    )


def _figure(figure: Figure, value: object) -> ShownFigure:
    count = value if isinstance(value, int) else None
    return ShownFigure(label=figure.label, column=figure.column, count=count, moment=_moment(value))


def _moment(value: object) -> datetime | None:
    """What has the shape of a moment may still be the 32nd of a month: one caisse must not break the list."""
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _said_of_each(words: wording.Words, values: object) -> list[str]:
    return [wording.said(words, each) for each in values] if isinstance(values, list) else []


def _ways(values: object) -> list[str]:
    return [wording.way_in_words(each) for each in values] if isinstance(values, list) else []


def _theme(name: str) -> str:
    try:
        return load_theme(name).title
    except UnknownThemeError:
        return name
