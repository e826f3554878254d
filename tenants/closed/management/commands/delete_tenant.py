"""Stands in for the library's `delete_tenant`."""

from tenants.closed.refusal import closed

Command = closed(
    "Aucune commande n’efface une caisse et ses preuves : `manage.py caisse apply FICHIER`, avec "
    "`listed = false`, la retire de la page de choix."
)
