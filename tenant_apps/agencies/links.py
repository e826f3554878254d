"""What a product puts under « Prendre rendez-vous »."""

from uuid import UUID

from django.urls import reverse

from tenant_apps.agencies.asked import Asked


def booking_address(*, purpose: str, about: UUID | None = None) -> str:
    """The page that goes on from there: the purpose is chosen, and what it is about."""
    return f"{reverse('appointment_book')}?{Asked(kind=purpose, about=about).query}"
