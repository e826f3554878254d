"""allauth's settings, asked at each use, so that a caisse's can differ."""

from typing import Any

from django.apps import apps
from django.conf import settings

from guichet.tenancy.signing import tenant_salt


def setting(name: str, default: Any) -> Any:
    """ALLAUTH_SETTING_GETTER. During start-up the database connection must not be touched."""
    if name == "ACCOUNT_SALT" and apps.ready:
        return tenant_salt("account")
    return getattr(settings, name, default)
