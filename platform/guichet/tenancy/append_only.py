"""Tables whose rows are never changed: the database takes UPDATE and DELETE away from the caisse."""

from django.apps import apps
from django.db import models


class AppendOnly(models.Model):
    """A model whose rows are added and read, and nothing else."""

    class Meta:
        abstract = True


def append_only_tables() -> list[str]:
    """Their names, sorted: REVOKE is applied to them after each replay and each migration."""
    found = (model for model in apps.get_models() if issubclass(model, AppendOnly))
    return sorted(model._meta.db_table for model in found)
