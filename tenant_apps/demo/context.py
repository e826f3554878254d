"""The address of the mailbox, for the line that the demo adds to its pages."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from guichet.web.caisse_only import at_front_door


def mailbox(request: HttpRequest) -> dict[str, Any]:
    return {"mailbox_url": None if at_front_door(request) else reverse("mailbox")}
