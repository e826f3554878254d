"""Open or update a client's file."""

from datetime import date

from guichet.kernel.names import folded
from tenant_apps.clients.models import Client


def register_client(
    *,
    number: str,
    title: str,
    first_name: str,
    last_name: str,
    birth_date: date | None,
    email: str,
    mobile: str,
    language: str = "fr",
) -> Client:
    """The file of that client number, with these details. A second run changes nothing."""
    details = {
        "title": title,
        "first_name": first_name,
        "last_name": last_name,
        "folded_name": folded(f"{last_name} {first_name}"),
        "birth_date": birth_date,
        "email": email,
        "mobile": mobile,
        "language": language,
    }
    client, _ = Client.objects.update_or_create(number=number, defaults=details)
    return client
