"""What the GIE reads of the caisses: their rows, their hosts, and what each reports. Nothing of their schemas."""

from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet

from guichet.kernel.names import folded
from tenants.models import Caisse, CaisseReport, Domain, Kind

PER_PAGE = 50


def page_of_caisses(*, words: str, state: str, page: str) -> "Page[Caisse]":
    """Those whose town or name has each of the words, by town; any state when none is named. A page that is not there
    gives the nearest one. Three queries, however many the caisses.
    """
    found = _caisses().defer("report__findings", "report__versions", "front_document")
    for word in folded(words).split():
        found = found.filter(folded_name__contains=word)
    if state:
        found = found.filter(state=state)
    return Paginator(found.order_by("kind", "folded_name", "id"), PER_PAGE).get_page(page)


def caisse_of_uuid(*, uuid: UUID) -> Caisse | None:
    """With its report and its hosts; None for the front door, which has no clients and no report."""
    return _caisses().filter(uuid=uuid).first()


def report_of(*, caisse: Caisse) -> CaisseReport | None:
    """None until its first report. No query: the selectors above have read it."""
    report: CaisseReport | None = getattr(caisse, "report", None)
    return report


def _caisses() -> "QuerySet[Caisse]":
    hosts = Domain.objects.order_by("-is_primary", "domain")
    found: QuerySet[Caisse] = Caisse.objects.exclude(kind=Kind.FRONT)
    return found.select_related("report").prefetch_related(Prefetch("domains", hosts))
