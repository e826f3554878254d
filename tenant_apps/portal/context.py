"""The menu, for every template of a signed-in client."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from tenant_apps.identity.models import User
from tenant_apps.portal.registry import menu_entries
from tenants.policy.current import current_policy


@dataclass(frozen=True, slots=True)
class Line:
    """One line, as the template shows it."""

    label: str | Promise
    url: str
    is_current: bool


def menu(request: HttpRequest) -> dict[str, Any]:
    """`menu`; empty at the front door, before sign-in and for staff."""
    user = getattr(request, "user", None)
    if not (isinstance(user, User) or getattr(user, "is_authenticated", False)) or user.kind != User.Kind.CLIENT:  # type: ignore[union-attr]  # a lazy user, not None here
        return {"menu": []}
    entries = menu_entries(products=tuple(current_policy().products))
    path = request.path
    return {
        "menu": [
            Line(entry.label, reverse(entry.url_name), path == entry.prefix or (entry.prefix != "/" and path.startswith(entry.prefix)))
            for entry in entries
        ]
    }
