"""Write other details in a client's file than the e-mail and the mobile."""

from collections.abc import Sequence
from datetime import date

from tenant_apps.clients.models import Client


def change_file(
    *,
    client: Client,
    title: str,
    birth_date: date | None,
    language: str,
    postal_lines: Sequence[str],
    postcode: str,
    town: str,
    country: str,
) -> list[str]:
    """What changed, of « title », « birth_date », « language » and « address ». In the caller's transaction."""
    wanted: dict[str, dict[str, object]] = {
        "title": {"title": title},
        "birth_date": {"birth_date": birth_date},
        "language": {"language": language},
        "address": {
            "postal_lines": "\n".join(postal_lines),
            "postcode": postcode,
            "town": town,
            "country": country,
        },
    }
    changed = [
        name
        for name, fields in wanted.items()
        if any(getattr(client, field) != value for field, value in fields.items())
    ]
    if changed:
        fields = {field: value for name in changed for field, value in wanted[name].items()}
        for field, value in fields.items():
            setattr(client, field, value)
        client.save(update_fields=list(fields))
    return changed
