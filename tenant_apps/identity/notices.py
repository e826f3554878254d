"""What the client is told about the account, by another channel than the screen."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import override

from tenant_apps.identity.browsers import in_words
from tenant_apps.identity.models import User
from tenant_apps.messaging.queue_message import queue_message


def tell_of_new_browser(*, user: User, request: HttpRequest, now: datetime) -> None:
    """A mail after a sign-in from a browser that was not seen before, when there is an address."""
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
            "browser": in_words(request.headers.get("User-Agent", ""), language=client.language),
        },
        now=now,
        secret=False,
    )
