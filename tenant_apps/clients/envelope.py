"""Whom a letter goes to."""

from django.utils.translation import gettext

from tenant_apps.clients.models import Client


def recipient_of(client: Client) -> list[str]:
    """The lines in the window of the envelope. Without an address on file it is for the agency to hand over."""
    return [client.full_name, *(client.postal_address or [gettext("À remettre à l’agence")])]


def in_short(client: Client) -> str:
    """For the list of letters: name and town."""
    return ", ".join(
        part for part in (client.greeting_name, f"{client.postcode} {client.town}".strip()) if part
    )
