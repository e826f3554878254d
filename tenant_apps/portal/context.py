"""The menu, for every template of a signed-in client."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from tenant_apps.identity.models import User
from tenant_apps.portal.registry import MenuEntry, menu_entries
from tenants.models import Kind
from tenants.policy.current import current_policy


@dataclass(frozen=True, slots=True)
class Line:
    """One line, as the template shows it."""

    label: str | Promise
    url: str
    is_current: bool


def menu(request: HttpRequest) -> dict[str, Any]:
    """`menu`; empty at the front door and at the GIE, before sign-in and for staff."""
    user = getattr(request, "user", None)
    at_caisse = request.tenant.kind == Kind.CAISSE  # type: ignore[attr-defined]  # set by TenantMiddleware
    if getattr(user, "kind", None) != User.Kind.CLIENT or not at_caisse:
        return {"menu": []}
    entries = menu_entries(products=tuple(current_policy().products))
    return {"menu": [_line(entry, path=request.path_info) for entry in entries]}


def _line(entry: MenuEntry, *, path: str) -> Line:
    below = entry.prefix != "/" and path.startswith(entry.prefix)
    return Line(entry.label, reverse(entry.url_name), path == entry.prefix or below)
