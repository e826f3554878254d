"""Who signs in where, and under which rules. The two realms of identifiers never meet."""

from typing import Literal

from guichet.tenancy.connection import connection
from tenant_apps.identity.models import User
from tenants.models import Kind
from tenants.policy.current import current_policy
from tenants.policy.document import Policy
from tenants.policy.staff import staff_policy

Realm = Literal["client", "staff"]

CLIENTS: Realm = "client"
STAFF: Realm = "staff"


def rules_of(realm: Realm) -> Policy:
    """The policy of the current caisse, as it stands for these people.

    The GIE's own policy is about its operators; a caisse's is about its clients.
    """
    policy = current_policy()
    return staff_policy(policy) if realm == STAFF and connection.tenant.kind != Kind.GIE else policy


def realm_of_user(user: User) -> Realm:
    return CLIENTS if user.kind == User.Kind.CLIENT else STAFF
