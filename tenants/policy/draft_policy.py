"""The draft of the current caisse's policy: save it, rehearse it, publish it, or drop it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from guichet.tenancy.connection import connection
from tenants.policy.models import PolicyDraft, PolicyVersion
from tenants.policy.publish_policy import publish_policy
from tenants.policy.selectors import published_here
from tenants.policy.stored import canonical
from tenants.reports.ask_report import ask_for_report


class NoDraftError(LookupError):
    """The caisse has no draft."""


class StaleDraftError(RuntimeError):
    """Another version was published since the draft was begun."""


class CaisseTableChangedError(ValueError):
    """Name, town and domains stand in the public row, which only a caisse file changes."""


@transaction.atomic
def save_draft(*, document: Mapping[str, Any], author: str, at: datetime) -> PolicyDraft:
    """Replaces the draft before it. Raises CaisseTableChangedError, pydantic's ValidationError."""
    normal = canonical(document)
    published = published_here()
    if normal.get("caisse") != published.document.get("caisse"):
        raise CaisseTableChangedError
    values = {"document": normal, "written_from": published.number, "saved_by": author, "saved_at": at}
    draft, _ = PolicyDraft.objects.update_or_create(only=True, defaults=values)
    ask_for_report(at=at)
    return draft


def current_draft() -> PolicyDraft:
    """Raises NoDraftError."""
    draft = PolicyDraft.objects.first()
    if draft is None:
        raise NoDraftError
    return draft


@transaction.atomic
def publish_draft(*, author: str, reason: str, at: datetime) -> PolicyVersion:
    """Raises NoDraftError, StaleDraftError, PolicyRefusedError; the draft goes only when it is published."""
    draft = PolicyDraft.objects.select_for_update().first()
    if draft is None:
        raise NoDraftError
    if draft.written_from != connection.tenant.policy_version:
        raise StaleDraftError(f"written from {draft.written_from}, now {connection.tenant.policy_version}")
    version = publish_policy(document=draft.document, author=author, reason=reason, at=at)
    draft.delete()
    return version


@transaction.atomic
def drop_draft(*, at: datetime) -> PolicyDraft | None:
    """What was dropped; None when there was no draft, and then nothing is done."""
    draft = PolicyDraft.objects.select_for_update().first()
    if draft is not None:
        draft.delete()
        ask_for_report(at=at)
    return draft
