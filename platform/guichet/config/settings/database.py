"""One PostgreSQL. DATABASE_URL is the administrator's address; processes log in with roles of their own."""

from django.core.exceptions import ImproperlyConfigured

from guichet.config.settings.environment import env, key, required
from guichet.tenancy.roles import RoleNames, login_password

required(
    "DATABASE_URL",
    meaning="the address of a PostgreSQL database, version 16 or later: postgres://user@host/name",
)
ADMINISTRATOR = env.db("DATABASE_URL")
if "postgresql" not in ADMINISTRATOR["ENGINE"] or not ADMINISTRATOR["NAME"]:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://user@host/name")

DATABASE_KEY = key(
    "GUICHET_DATABASE_KEY", meaning="the key from which the passwords of the database roles derive"
)
_roles = RoleNames.of_database(ADMINISTRATOR["NAME"])

DATABASES = {
    "default": {
        **ADMINISTRATOR,
        "ENGINE": "guichet.tenancy.backend",
        "USER": _roles.app,
        "PASSWORD": login_password(key=DATABASE_KEY, login=_roles.app),
        # Many schemas fill a backend's catalogue cache, which only a new connection empties.
        "CONN_MAX_AGE": env.int("GUICHET_CONNECTION_AGE", default=300),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # A server that is away must not keep every thread for minutes: seconds to connect, then milliseconds
            # until what was sent is acknowledged.
            "connect_timeout": 5,
            "tcp_user_timeout": 15_000,
            **ADMINISTRATOR.get("OPTIONS", {}),
            # Parameters bound by the server: a statement smuggled behind a semicolon is refused.
            "server_side_binding": True,
            # A statement said so often on one connection is planned once. PostgreSQL plans anew whatever was planned
            # under another search path: no plan of one caisse serves another.
            "prepare_threshold": 5,
        },
    }
}
ORIGINAL_BACKEND = "django.db.backends.postgresql"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_ON_APP_READY = None

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "guichet.tenancy.cache.make_key",
    }
}

# Dumps the blueprint of a schema once per release; must not be older than the server.
PG_DUMP = env.str("GUICHET_PG_DUMP", default="pg_dump")
