"""Stands in for the library's `migrate_schemas`."""

from tenants.closed.refusal import closed

Command = closed(
    "Les tables appartiennent à un rôle que cette commande n’a pas : `manage.py deploy` les met à jour."
)
