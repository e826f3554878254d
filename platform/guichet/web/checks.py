"""What `check --deploy` says of the settings of production."""

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def proxies_are_declared(**_: Any) -> list[checks.CheckMessage]:
    """Behind a proxy that nobody declared, all clients have its address: one robot brakes them all."""
    if settings.PROXIES_DECLARED:
        return []
    return [
        checks.Warning(
            "No trusted proxy is declared: behind one, every client would be braked and journalled by its address.",
            hint="Set GUICHET_TRUSTED_PROXIES to its addresses or networks, or to `none` where there is no proxy.",
            id="guichet.W001",
        )
    ]
