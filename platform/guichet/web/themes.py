"""Templates of the caisse's theme first; never one caisse's template in another's page."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loaders import cached, filesystem

from guichet.tenancy.connection import connection
from tenants.models import Caisse
from tenants.policy.current import policy_of

NEUTRAL = "front"
_chosen: ContextVar[str | None] = ContextVar("chosen_theme", default=None)


@contextmanager
def in_theme(name: str) -> Iterator[None]:
    """Templates of this theme, whatever the current caisse's is."""
    token = _chosen.set(name)
    try:
        yield
    finally:
        _chosen.reset(token)


def current_theme() -> str:
    """The theme's folder name; the front door's before a caisse is known."""
    chosen = _chosen.get()
    if chosen is not None:
        return chosen
    caisse = connection.tenant
    if not isinstance(caisse, Caisse) or caisse.policy_version == 0:
        return NEUTRAL
    return policy_of(caisse).brand.theme


class ThemeLoader(filesystem.Loader):
    """Looks in themes/<theme>/templates, chosen at each look-up."""

    def get_dirs(self) -> list[str | Path]:
        return [Path(settings.THEMES) / current_theme() / "templates"]


class ThemedCachedLoader(cached.Loader):
    """Django's cached loader keys by name only: the first theme's template would serve all."""

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        return f"{current_theme()}:{super().cache_key(template_name, skip)}"
