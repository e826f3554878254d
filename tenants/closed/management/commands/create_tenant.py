"""Stands in for the library's `create_tenant`."""

from tenants.closed.refusal import closed

Command = closed("Une caisse est un fichier, avec son rôle et ses règles : `manage.py caisse apply FICHIER`.")
