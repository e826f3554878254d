"""Write another mobile number in a client's file."""

from tenant_apps.clients.models import Client


def change_mobile(*, client: Client, mobile: str) -> None:
    """`mobile` in E.164. In the caller's transaction, which also changes where codes go."""
    client.mobile = mobile
    client.save(update_fields=["mobile"])
