"""Stands in for the library's `migrate`."""

from tenants.closed.refusal import closed

Command = closed(
    "Les tables appartiennent à un rôle que cette commande n’a pas : `manage.py deploy` les met à jour."
)
