"""The application of messages."""

from importlib import import_module

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "tenant_apps.messaging"

    def ready(self) -> None:
        # Registering needs the models, which are loaded by now but not when this module is read.
        import_module("tenant_apps.messaging.registration")
