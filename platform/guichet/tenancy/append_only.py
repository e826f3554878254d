"""Tables whose rows are never removed, or never even changed: the database takes DELETE and UPDATE away."""

from django.apps import apps
from django.db import models


class AppendOnly(models.Model):
    """A model whose rows are added and read, and nothing else."""

    class Meta:
        abstract = True


class Kept(models.Model):
    """A model whose rows change with time, and stay."""

    class Meta:
        abstract = True


def append_only_tables() -> list[str]:
    """Their names, sorted: REVOKE is applied to them after each replay and each migration."""
    return _tables(AppendOnly)


def kept_tables() -> list[str]:
    """As above."""
    return _tables(Kept)


def _tables(mark: type[models.Model]) -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, mark))
