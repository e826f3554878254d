"""Write another e-mail or mobile in a client's file."""

from tenant_apps.clients.models import Client


def change_contact(*, client: Client, email: str, mobile: str) -> None:
    """`mobile` in E.164; empty: there is none any more. In the caller's transaction. Codes go where they went."""
    client.email, client.mobile = email, mobile
    client.save(update_fields=["email", "mobile"])
