"""The application of agencies and appointments."""

from importlib import import_module

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "tenant_apps.agencies"

    def ready(self) -> None:
        # Registering needs the models, which are loaded by now but not when this module is read.
        import_module("tenant_apps.agencies.registration")
