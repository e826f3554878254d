"""Paying by card: the providers of the GIE's list, and what speaks to each kind."""

from pathlib import Path
from types import MappingProxyType

from django.core.exceptions import ImproperlyConfigured

from guichet.config.settings.environment import env
from tenant_apps.payments.domain.providers import CardProviders, ProvidersRefusedError, read_card_providers

# The demo's own provider is none of production: its settings add it.
PAYMENT_ADAPTERS = {"stripe": "tenant_apps.payments.providers.stripe.StripeProvider"}


def card_providers(name: str) -> CardProviders:
    """From the TOML file of that path; nothing is allowed without one. A value of it is never repeated."""
    path: str = env.str(name, default="")
    if not path:
        return MappingProxyType({})
    try:
        found = read_card_providers(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"{name} names a file that cannot be read: {type(error).__name__}."
        ) from error
    except ProvidersRefusedError as error:
        raise ImproperlyConfigured(f"{name}: {error}. See docs/running.md.") from error
    strange = sorted(each for each, entry in found.items() if entry.kind not in PAYMENT_ADAPTERS)
    if strange:
        raise ImproperlyConfigured(
            f"{name}: {', '.join(strange)} is of a kind that this release cannot call."
        )
    return found


PAYMENT_PROVIDERS = card_providers("GUICHET_PAYMENT_PROVIDERS")
