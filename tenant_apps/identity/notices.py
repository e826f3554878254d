"""What the client is told about the account, by another channel than the screen."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import override

from tenant_apps.identity.browsers import in_words
from tenant_apps.identity.known_browser import is_known
from tenant_apps.identity.models import User
from tenant_apps.identity.renewal import BEGUN as HAS_A_SECRET
from tenant_apps.journal.selectors import latest_at
from tenant_apps.messaging.queue_message import queue_message

# Both steps, though a page still stands before the space.
STEPS_PASSED = "sign_in.steps_passed"


def tell_of_unknown_browser(
    *, user: User, request: HttpRequest, since: datetime | None, stopped: bool, now: datetime
) -> None:
    """`since`: this person's latest sign-in but this one. `stopped`: at a page before the space."""
    if not is_known(request, user=user) and not _has_just_begun(user, since=since):
        _tell_of_new_browser(user=user, request=request, stopped=stopped, now=now)


def _has_just_begun(user: User, *, since: datetime | None) -> bool:
    """Nobody came this far since the account was given its secret: of course this device is new to it."""
    subject = str(user.uuid)
    begun = latest_at(subject=subject, kinds=HAS_A_SECRET)
    if begun is None or (since is not None and begun <= since):
        return False
    passed = latest_at(subject=subject, kinds=(STEPS_PASSED,))
    return passed is None or begun > passed


def _tell_of_new_browser(*, user: User, request: HttpRequest, stopped: bool, now: datetime) -> None:
    """A mail, when there is an address."""
    client = user.client
    if client is None or not client.email:
        return
    with override(client.language):
        name = client.greeting_name
    queue_message(
        kind="new_sign_in",
        channel="mail",
        to=client.email,
        otherwise=client.mobile,
        about=user.uuid,
        language=client.language,
        context={
            "name": name,
            "at": now,
            "stopped": stopped,
            "browser": in_words(request.headers.get("User-Agent", ""), language=client.language),
        },
        now=now,
        secret=False,
    )
