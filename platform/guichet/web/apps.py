"""The application of the base screens."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "guichet.web"
    label = "web"

    def ready(self) -> None:
        from guichet.web import checks  # noqa: F401  # registers itself, which needs the settings
