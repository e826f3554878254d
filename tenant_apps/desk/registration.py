"""Where the people of a caisse come to after signing in, their frame beside the counter's own, and what it keeps."""

from tenant_apps.desk.drafts import PURPOSE
from tenant_apps.desk.figures import FIGURES
from tenant_apps.desk.models import Draft
from tenant_apps.identity.access import register_landing
from tenant_apps.identity.frames import register_frame
from tenant_apps.identity.models import User
from tenants.jobs.clock import each_night
from tenants.keys.registry import SealedColumn, register_sealed
from tenants.reports.figures import register_figure

register_landing(kind=User.Kind.STAFF, page="desk")
register_frame(kind=User.Kind.STAFF, template="desk/layout.html")
for figure in FIGURES:
    register_figure(figure)
each_night("desk.night")
register_sealed(SealedColumn(model=Draft, column="sealed", purpose=PURPOSE))
