"""Stands in for the library's `collectstatic_schemas`."""

from tenants.closed.refusal import closed

Command = closed("Les fichiers statiques sont les mêmes pour toutes les caisses : `manage.py collectstatic`.")
