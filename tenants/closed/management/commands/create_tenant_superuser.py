"""Stands in for the library's `create_tenant_superuser`."""

from tenants.closed.refusal import closed

Command = closed(
    "La plateforme n’a pas de superutilisateur : `manage.py demo accounts` montre les comptes de la "
    "démonstration, opérateurs compris."
)
