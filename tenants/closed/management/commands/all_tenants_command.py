"""Stands in for the library's `all_tenants_command`."""

from tenants.closed.refusal import closed

Command = closed(
    "Une commande lancée ainsi perdrait le rôle de chaque caisse : `manage.py caisse` et `manage.py "
    "policy` prennent le nom d’une caisse, et une tâche de l’horloge va partout."
)
