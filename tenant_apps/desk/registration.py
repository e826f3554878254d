"""Where the people of a caisse come to after signing in, and the frame of the pages that are not the counter's."""

from tenant_apps.identity.access import register_landing
from tenant_apps.identity.frames import register_frame
from tenant_apps.identity.models import User

register_landing(kind=User.Kind.STAFF, page="desk")
register_frame(kind=User.Kind.STAFF, template="desk/layout.html")
