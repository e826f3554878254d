"""Where the people of a caisse come to after signing in."""

from tenant_apps.identity.access import register_landing
from tenant_apps.identity.models import User

register_landing(kind=User.Kind.STAFF, page="desk")
