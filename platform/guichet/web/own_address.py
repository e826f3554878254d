"""Whole addresses, for what is read outside of the space: a mail, a letter."""

from django.conf import settings

from tenants.policy.current import current_policy


def own_address(path: str) -> str:
    """On the first domain of the current caisse, whatever host a request came by."""
    host = current_policy().caisse.domains[0]
    address: str = settings.OWN_ADDRESS.format(host=host)
    return f"{address}{path}"
