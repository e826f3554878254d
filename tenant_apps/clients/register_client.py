"""Open or update a client's file."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from guichet.kernel.names import folded
from tenant_apps.clients.models import Client

# What an envelope has room for (NF Z 10-011).
POSTAL_LINES, POSTAL_LINE_LENGTH = 4, 38


class PostalAddressTooLongError(ValueError):
    """More lines than an envelope has, or a line that is too long for its window."""


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
    postal_lines: Sequence[str] = (),
    postcode: str = "",
    town: str = "",
    country: str = "",
    uuid: UUID | None = None,
) -> Client:
    """The file of that client number, with these details. A second run changes nothing.

    `uuid`: of a file that is opened now. `postal_lines`: up to four, as on an envelope.

    Raises PostalAddressTooLongError.
    """
    if len(postal_lines) > POSTAL_LINES or any(len(line) > POSTAL_LINE_LENGTH for line in postal_lines):
        raise PostalAddressTooLongError
    details = {
        "title": title,
        "first_name": first_name,
        "last_name": last_name,
        "folded_name": folded(f"{last_name} {first_name}"),
        "birth_date": birth_date,
        "email": email,
        "mobile": mobile,
        "language": language,
        "postal_lines": "\n".join(postal_lines),
        "postcode": postcode,
        "town": town,
        "country": country,
    }
    opened = {**details, "uuid": uuid} if uuid else details
    return Client.objects.update_or_create(number=number, defaults=details, create_defaults=opened)[0]
