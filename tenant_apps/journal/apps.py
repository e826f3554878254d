"""The application of the journal."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "tenant_apps.journal"
