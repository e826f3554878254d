"""The application of pawn loans."""

from importlib import import_module

from django.apps import AppConfig


class PawnConfig(AppConfig):
    name = "tenant_apps.pawn"

    def ready(self) -> None:
        # Registering needs the models, which are loaded by now but not when this module is read.
        import_module("tenant_apps.pawn.registration")
