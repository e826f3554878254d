"""The application of documents."""

from importlib import import_module

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "tenant_apps.documents"

    def ready(self) -> None:
        # Registering needs the models, which are loaded by now but not when this module is read.
        import_module("tenant_apps.documents.registration")
