"""What identity does by the clock."""

from tenants.jobs.clock import each_night

each_night("identity.forget")
