"""The application of the way in."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class IdentityConfig(AppConfig):
    name = "tenant_apps.identity"

    def ready(self) -> None:
        # Registering needs the models, which are loaded by now but not when this module is read.
        import_module("tenant_apps.identity.registration")
        import_module("tenant_apps.identity.key_registration")
        # Its views bring models with them: every process knows them from the start, whichever page is asked first, and
        # every schema has the same rows about them.
        import_module("two_factor.views.core")
        # `note_session` writes the latest sign-in, with the session that it begins.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
