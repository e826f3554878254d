"""Where failures are reported. No address, the default: nowhere."""

from importlib.metadata import version
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.utils import BadDsn, Dsn

from guichet.config.settings.environment import env, share


def _address(name: str) -> str:
    """It holds a key: a wrong one is not repeated."""
    value: str = env.str(name, default="")
    try:
        return str(Dsn(value)) if value else ""
    except (BadDsn, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is no address of Sentry: https://key@host/number.") from error


# What guichet.telemetry.failures.watch takes.
SENTRY: dict[str, Any] = {
    "dsn": _address("GUICHET_SENTRY_DSN"),
    "environment": env.str("GUICHET_SENTRY_ENVIRONMENT", default="production"),
    "release": env.str("GUICHET_RELEASE", default=f"guichet@{version('guichet')}"),
    "sample_rate": share("GUICHET_SENTRY_SAMPLE_RATE", default=1.0),
}
