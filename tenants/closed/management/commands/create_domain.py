"""Stands in for the library's `create_domain`."""

from tenants.closed.refusal import closed

Command = closed("Les domaines sont dans le fichier de la caisse : `manage.py caisse apply FICHIER`.")
