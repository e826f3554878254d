"""A client whose access failed tries have closed until the agency opens it is told so, once a closing.

Waits end by themselves and are told by the screen alone: a message for each would be a way to bother somebody.
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.account import app_settings
from django.db import transaction
from django.utils.translation import override

from guichet.tenancy.enqueue import enqueue
from tenant_apps.clients.models import Client
from tenant_apps.identity.domain.lockout import Verdict
from tenant_apps.identity.models import TryCounter, User
from tenant_apps.identity.selectors import user_of_index
from tenant_apps.messaging.queue_message import queue_message
from tenant_apps.messaging.selectors import was_told_since

KIND = "access_closed"


def ask_to_tell(*, verdict: Verdict, index: str, closed_at: datetime, undecided: bool = False) -> None:
    """After the try that has closed an account, or that of nobody: one job in both cases.

    `undecided`: of a blind first step, whose own second half may still open what it has closed beforehand.
    """
    if not (verdict.locked_by_this_try and verdict.agency_only):
        return
    at = closed_at + timedelta(seconds=app_settings.LOGIN_TIMEOUT) if undecided else None
    enqueue("identity.tell_of_closing", at=at, index=index, closed_at=closed_at.isoformat())


@transaction.atomic
def tell_of_closing(*, index: str, closed_at: datetime, now: datetime) -> None:
    """By mail, or by SMS to who has no address. Nothing for nobody, nor once the closing is over or told."""
    user = user_of_index(index=index)
    if user is None or user.client is None or not user.is_active:
        return
    # Two jobs of one closing wait here for one another.
    counter = (
        TryCounter.objects.select_for_update()
        .filter(scope=TryCounter.Scope.ACCOUNT, key=user.login_index, agency_only=True, last_at=closed_at)
        .first()
    )
    if counter is not None and not was_told_since(kind=KIND, about=user.uuid, since=closed_at):
        _tell(client=user.client, user=user, closed_at=closed_at, now=now)


def _tell(*, client: Client, user: User, closed_at: datetime, now: datetime) -> None:
    with override(client.language):
        name = client.greeting_name
    common: dict[str, Any] = {
        "about": user.uuid,
        "language": client.language,
        "context": {"name": name, "at": closed_at},
        "now": now,
        "secret": False,
        "by_anybody": True,
    }
    if client.email:
        queue_message(
            kind="access_closed", channel="mail", to=client.email, otherwise=client.mobile, **common
        )
    elif client.mobile:
        queue_message(kind="access_closed", channel="sms", to=client.mobile, **common)
