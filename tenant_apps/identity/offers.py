"""What the sign-in page says the space offers, by product."""

from dataclasses import dataclass

from django.utils.functional import Promise

from tenants.policy.document import Policy


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the side panel."""

    icon: str
    title: str | Promise
    text: str | Promise


_offers: dict[str, list[Offer]] = {}


def register_offer(*, product: str, offer: Offer) -> None:
    """Called by a product's application when it is ready."""
    _offers.setdefault(product, []).append(offer)


def offers_of(*, policy: Policy) -> list[Offer]:
    """In the order of the policy's products; a product without screens offers nothing."""
    return [offer for product in policy.products for offer in _offers.get(product, [])]
