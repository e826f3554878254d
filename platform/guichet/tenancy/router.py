"""Which app lives where, and no query of a caisse's tables while no caisse is set."""

from typing import Any

from django.conf import settings
from django.db import models
from django_tenants.routers import TenantSyncRouter

from guichet.tenancy.connection import connection
from guichet.tenancy.roles import PUBLIC


class NoTenantSetError(RuntimeError):
    """A table of the caisses was asked for while no caisse is set."""


class TenantRouter(TenantSyncRouter):
    """django-tenants' router, which also refuses the unscoped query."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> None:
        self._refuse_unscoped(model)

    def db_for_write(self, model: type[models.Model], **hints: Any) -> None:
        self._refuse_unscoped(model)

    def _refuse_unscoped(self, model: type[models.Model]) -> None:
        if connection.schema_name != PUBLIC:
            return
        label = model._meta.app_label
        if not self.app_in_list(label, settings.SHARED_APPS):
            raise NoTenantSetError(f"{model._meta.label} belongs to a caisse, and no caisse is set")
