"""The application that watches over the others: no model, no screen."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings


class TelemetryConfig(AppConfig):
    name = "guichet.telemetry"

    def ready(self) -> None:
        from guichet.telemetry.failures import watch

        options: dict[str, Any] = settings.SENTRY
        watch(**options)
