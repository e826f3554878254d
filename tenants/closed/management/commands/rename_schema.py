"""Stands in for the library's `rename_schema`."""

from tenants.closed.refusal import closed

Command = closed(
    "Le nom d’un schéma est définitif, comme son rôle : pour une autre caisse, un autre fichier et "
    "`manage.py caisse apply FICHIER`."
)
