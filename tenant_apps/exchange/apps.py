"""The application of what comes from the caisse's own system, and goes back to it."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tenant_apps.exchange"
