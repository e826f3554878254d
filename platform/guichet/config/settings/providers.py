"""Readers of what the GIE allows messages to be carried by: malformed, it stops the start."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from guichet.config.settings.environment import env
from tenant_apps.messaging.domain.providers import (
    Providers,
    ProvidersRefusedError,
    checked_return_address,
    read_providers,
)


def providers(name: str) -> Providers:
    """From the TOML file of that path; nothing is allowed without one. A value of it is never repeated."""
    path: str = env.str(name, default="")
    if not path:
        return Providers()
    try:
        return read_providers(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"{name} names a file that cannot be read: {type(error).__name__}."
        ) from error
    except ProvidersRefusedError as error:
        raise ImproperlyConfigured(f"{name}: {error}. See docs/running.md.") from error


def return_address(name: str) -> str:
    """A mailbox whose mail server hands over what follows a + too."""
    value: str = env.str(name, default="")
    try:
        return checked_return_address(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from error
