"""The batches of letters, in the words of the counter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guichet.web.templatetags.guichet import moment
from tenant_apps.desk.presentation import State
from tenant_apps.identity.people import names_of
from tenant_apps.messaging.models import LetterBatch
from tenant_apps.messaging.selectors import CountedBatch

_TO_OPEN = State("neutral", _("À imprimer"))
_TO_CONFIRM = State("warn", _("À confirmer"))
_DONE = State("good", _("Parti"))


@dataclass(frozen=True, slots=True)
class BatchLine:
    """`letters`: how many are still to print, or were printed; `who`: who touched it last, and when."""

    uuid: UUID
    day: date
    letters: int
    state: State
    who: str
    open: bool


def batch_lines(*, batches: Sequence[CountedBatch]) -> list[BatchLine]:
    """One query for the names."""
    acted = {by for each in batches for by in (each.batch.opened_by, each.batch.confirmed_by) if by}
    names = names_of(uuids=acted)
    return [_line(each, names) for each in batches]


def _line(counted: CountedBatch, names: dict[UUID, str]) -> BatchLine:
    batch = counted.batch
    confirmed = batch.confirmed_at is not None
    return BatchLine(
        uuid=batch.uuid,
        day=batch.day,
        letters=counted.printed if confirmed else counted.waiting,
        state=_DONE if confirmed else _TO_CONFIRM if batch.opened_at else _TO_OPEN,
        who=_who(batch, names),
        open=not confirmed,
    )


def _who(batch: LetterBatch, names: dict[UUID, str]) -> str:
    somebody = gettext("une personne de l’agence")
    if batch.confirmed_at is not None and batch.confirmed_by is not None:
        name = names.get(batch.confirmed_by, somebody)
        return gettext("Confirmé par %(name)s le %(moment)s") % {
            "name": name,
            "moment": moment(batch.confirmed_at),
        }
    if batch.opened_at is not None and batch.opened_by is not None:
        name = names.get(batch.opened_by, somebody)
        return gettext("Ouvert par %(name)s le %(moment)s") % {
            "name": name,
            "moment": moment(batch.opened_at),
        }
    return ""
