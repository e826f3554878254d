"""Answers that somebody at the counter sent and has not confirmed yet."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import QueryDict

from guichet.tenancy.signing import keyring
from tenant_apps.desk.models import Draft

PURPOSE = "desk-draft"
KEPT = timedelta(hours=12)
"""A day at the counter: what is still there at night was given up."""
MOST_CHARACTERS, MOST_OF_ONE = 64_000, 50
"""Of one form, and forms of one person: no page of the counter needs more, and nobody fills the table."""


class DraftTooLongError(ValueError):
    """No form of the counter is as long. Nothing was kept."""


def keep_draft(*, answers: QueryDict, by: UUID, page: str, now: datetime) -> UUID:
    """The name under which `draft_of` finds them. Raises DraftTooLongError."""
    written = answers.urlencode()
    if len(written) > MOST_CHARACTERS:
        raise DraftTooLongError
    sealed = keyring().seal(written, purpose=PURPOSE)
    draft = Draft.objects.create(by=by, page=page, sealed=sealed, kept_at=now)
    newest = Draft.objects.filter(by=by).order_by("-pk").values("pk")[:MOST_OF_ONE]
    Draft.objects.filter(by=by).exclude(pk__in=newest).delete()
    return draft.uuid


def draft_of(*, uuid: UUID, by: UUID, page: str, now: datetime) -> Draft | None:
    """None of one that is too old, somebody else's, or of another page: the same answer for all."""
    return Draft.objects.filter(uuid=uuid, by=by, page=page, kept_at__gt=now - KEPT).first()


def answers_in(*, draft: Draft) -> QueryDict:
    """Of one whose act was not done."""
    return QueryDict(keyring().open(bytes(draft.sealed), purpose=PURPOSE))


def draft_done(*, uuid: UUID, by: UUID, page: str, led_to: str) -> None:
    """Nothing of what was typed is kept any longer."""
    Draft.objects.filter(uuid=uuid, by=by, page=page).update(sealed=b"", led_to=led_to)


def forget_drafts(*, now: datetime) -> int:
    """How many were too old."""
    return Draft.objects.filter(kept_at__lte=now - KEPT).delete()[0]
