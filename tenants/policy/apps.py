"""The application that keeps published policies and secrets in a caisse's own schema."""

from importlib import import_module

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "tenants.policy"
    label = "policy"
    verbose_name = "Policy"

    def ready(self) -> None:
        import_module("tenants.policy.registration")
