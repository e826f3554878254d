"""The application of the agency's counter."""

from importlib import import_module

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tenant_apps.desk"

    def ready(self) -> None:
        # Registering needs the models, which are loaded by now but not when this module is read.
        import_module("tenant_apps.desk.registration")
