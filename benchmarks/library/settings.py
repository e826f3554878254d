"""As Guichet's side, on the stock backend, logged in as the administrator, who may do anything."""

from benchmarks.ours.settings import *  # noqa: F403  # settings are one flat namespace
from benchmarks.ours.settings import INSTALLED_APPS, SHARED_APPS
from guichet.config.settings.database import ADMINISTRATOR

# Its commands are closed to Guichet: here they are what is measured.
_CLOSED = "tenants.closed"
SHARED_APPS = [name for name in SHARED_APPS if name != _CLOSED]
INSTALLED_APPS = [name for name in INSTALLED_APPS if name != _CLOSED]

DATABASES = {"default": {**ADMINISTRATOR, "ENGINE": "django_tenants.postgresql_backend"}}
TENANT_SYNC_ROUTER = "django_tenants.routers.TenantSyncRouter"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]
