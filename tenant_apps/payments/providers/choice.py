"""The provider of the current caisse: what its policy names, in the list of the GIE."""

from django.conf import settings
from django.utils.module_loading import import_string

from tenant_apps.payments.domain.providers import CardProvider
from tenant_apps.payments.providers.port import NoProviderError, Provider
from tenants.policy.current import current_policy


def provider_name() -> str:
    return current_policy().payments.provider


def provider_named(name: str) -> Provider:
    """By its name in the list. Raises NoProviderError."""
    entry: CardProvider | None = settings.PAYMENT_PROVIDERS.get(name)
    if entry is None:
        raise NoProviderError(f"the list of the GIE has no payment provider {name}")
    adapter = import_string(settings.PAYMENT_ADAPTERS[entry.kind])
    made: Provider = adapter(entry)
    return made


def provider_of_caisse() -> Provider:
    """Raises NoProviderError."""
    return provider_named(provider_name())
