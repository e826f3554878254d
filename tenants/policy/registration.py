"""What of the policy depends on the master key."""

from tenants.keys.registry import SealedColumn, register_sealed
from tenants.policy.models import CaisseSecret
from tenants.policy.secrets import PURPOSE

register_sealed(SealedColumn(model=CaisseSecret, column="sealed", purpose=PURPOSE))
