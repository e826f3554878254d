"""As Guichet's side, on the stock backend, logged in as the administrator, who may do anything."""

from benchmarks.ours.settings import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.database import ADMINISTRATOR

DATABASES = {"default": {**ADMINISTRATOR, "ENGINE": "django_tenants.postgresql_backend"}}
TENANT_SYNC_ROUTER = "django_tenants.routers.TenantSyncRouter"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]
