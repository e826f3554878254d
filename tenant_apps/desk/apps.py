"""The application of the agency's counter."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tenant_apps.desk"
