"""What identity does by the clock, and what it says of a draft."""

from tenant_apps.identity.activation_registry import register_activation
from tenant_apps.identity.rehearse import rehearse_sign_ins
from tenant_apps.identity.send_activation import send_activation
from tenants.jobs.clock import each_night
from tenants.policy.rehearsal import register_rehearsal

each_night("identity.forget")
register_rehearsal(rehearse_sign_ins)
register_activation(send_activation)
