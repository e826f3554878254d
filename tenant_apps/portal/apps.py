"""The application of the client's own space."""

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tenant_apps.portal"

    def ready(self) -> None:
        # Registering needs the models, which are loaded by now but not when this module is read.
        import_module("tenant_apps.portal.registration")
