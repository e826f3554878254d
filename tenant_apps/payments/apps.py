"""The application of card payments."""

from importlib import import_module

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "tenant_apps.payments"

    def ready(self) -> None:
        # Registering needs the models, which are loaded by now but not when this module is read.
        import_module("tenant_apps.payments.registration")
