"""Remove the files that no document names: they were written, and then their transaction was rolled back or killed."""

import logging
from datetime import date, datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from tenant_apps.documents.models import Document
from tenant_apps.documents.store_document import folder_of

log = logging.getLogger(__name__)
# A document that is being stored has its file, and no row that anybody else sees yet.
SPARED = timedelta(hours=6)
# A night that did not run is made up for by the next ones; a folder of before was looked at in its time.
LOOKED_BACK = 7  # days
AT_ONCE = 500


def forget_orphans(*, now: datetime) -> int:
    """Of the last days, each of which has a folder of its own; how many went. Idempotent."""
    last = timezone.localdate(now - SPARED) - timedelta(days=1)
    return sum(_of_day(last - timedelta(days=back)) for back in range(LOOKED_BACK))


def _of_day(day: date) -> int:
    folder = folder_of(day=day)
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return 0
    paths = [f"{folder}/{name}" for name in sorted(names)]
    return sum(_among(paths[first : first + AT_ONCE]) for first in range(0, len(paths), AT_ONCE))


def _among(paths: list[str]) -> int:
    named = set(Document.objects.filter(file__in=paths).values_list("file", flat=True))
    orphans = [each for each in paths if each not in named]
    for path in orphans:
        default_storage.delete(path)
    if orphans:
        log.info("%s files that no document names were removed", len(orphans))
    return len(orphans)
