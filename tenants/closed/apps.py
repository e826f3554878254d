"""Before `django_tenants` in the settings: the first application that has a command wins."""

from django.apps import AppConfig


class ClosedConfig(AppConfig):
    name = "tenants.closed"
    label = "closed"
