"""The application of the journal."""

from importlib import import_module

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "tenant_apps.journal"

    def ready(self) -> None:
        import_module("tenant_apps.journal.registration")
