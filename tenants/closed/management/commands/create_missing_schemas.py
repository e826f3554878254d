"""Stands in for the library's `create_missing_schemas`."""

from tenants.closed.refusal import closed

Command = closed(
    "Un schéma perdu ne se refait pas vide : `manage.py deploy` met les caisses à jour et nomme "
    "celles qui ne le peuvent pas."
)
