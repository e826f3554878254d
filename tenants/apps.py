"""The application of the caisses' rows, in `public`."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Caisses"
