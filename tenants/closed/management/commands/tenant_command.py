"""Stands in for the library's `tenant_command`."""

from tenants.closed.refusal import closed

Command = closed(
    "Une commande lancée ainsi laisserait la connexion chez cette caisse : `manage.py caisse` et "
    "`manage.py policy` prennent le nom d’une caisse."
)
