"""The frame in which operators see the pages that several kinds of people have."""

from tenant_apps.identity.frames import register_frame
from tenant_apps.identity.models import User

register_frame(kind=User.Kind.OPERATOR, template="console/layout.html")
