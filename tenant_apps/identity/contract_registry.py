"""Which contracts a client has: who forgot the identifier may be asked for the number of one."""

from typing import Protocol

from tenant_apps.clients.models import Client
from tenants.policy.document import Policy


class HasContract(Protocol):
    def __call__(self, *, client: Client, number: str) -> bool:
        """Whether it is the number of a contract of this client, as people write numbers."""


_registered: dict[str, HasContract] = {}


def register_contracts(*, product: str, has_contract: HasContract) -> None:
    """Called by a product's application when it is ready."""
    _registered[product] = has_contract


def has_contract(*, client: Client, number: str, policy: Policy) -> bool:
    """In any of the policy's products."""
    asked = [_registered[product] for product in policy.products if product in _registered]
    return any(each(client=client, number=number) for each in asked)
