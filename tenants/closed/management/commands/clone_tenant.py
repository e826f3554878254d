"""Stands in for the library's `clone_tenant`."""

from tenants.closed.refusal import closed

Command = closed(
    "Une copie emporterait les droits de l’autre caisse : écrivez un fichier, puis `manage.py caisse "
    "apply FICHIER`."
)
