"""What is installed: in `public`, and in the schema of each caisse."""

SHARED_APPS = [
    # First: its commands stand in for those of the library.
    "tenants.closed",
    "django_tenants",
    "tenants",
    "procrastinate.contrib.django",
]

# No table of users stands in `public`: a lost table of a caisse must never be answered by another one.
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_otp",
    "two_factor",
    "csp",
    "guichet.telemetry",
    "guichet.web",
    "tenants.policy",
    "tenant_apps.journal",
    "tenant_apps.messaging",
    "tenant_apps.clients",
    "tenant_apps.identity",
    "tenant_apps.portal",
    "tenant_apps.documents",
    "tenant_apps.payments",
    "tenant_apps.pawn",
    "tenant_apps.agencies",
    "tenant_apps.desk",
    "tenant_apps.exchange",
    "shared_apps.directory",
    "shared_apps.console",
]

INSTALLED_APPS = SHARED_APPS + TENANT_APPS

TENANT_MODEL = "tenants.Caisse"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
TENANT_SYNC_ROUTER = "guichet.tenancy.router.TenantRouter"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]

AUTH_USER_MODEL = "identity.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
