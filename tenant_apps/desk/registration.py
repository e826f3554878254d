"""Where the people of a caisse come to after signing in, their frame beside the counter's own, and its figures."""

from tenant_apps.desk.figures import FIGURES
from tenant_apps.identity.access import register_landing
from tenant_apps.identity.frames import register_frame
from tenant_apps.identity.models import User
from tenants.reports.figures import register_figure

register_landing(kind=User.Kind.STAFF, page="desk")
register_frame(kind=User.Kind.STAFF, template="desk/layout.html")
for figure in FIGURES:
    register_figure(figure)
