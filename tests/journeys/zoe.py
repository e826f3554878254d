"""A client whose secret, passkeys and codes may change: she is gone after the test, as those of the world are not."""

from django.utils import timezone

from tenant_apps.clients.register_client import register_client
from tenant_apps.identity.models import User
from tenant_apps.identity.open_account import open_account
from tests.world import ALPHA, Someone

ZOE = Someone(ALPHA, "1000000055", "Papier-peint-gris-7!", "+33639980055")


def add_zoe() -> None:
    """To the current caisse."""
    client = register_client(
        number="C-55",
        title="madam",
        first_name="Zoé",
        last_name="Martin",
        birth_date=None,
        email="zoe@alpha.example.org",
        mobile=ZOE.phone,
    )
    open_account(
        kind=User.Kind.CLIENT,
        identifier=ZOE.identifier,
        secret=ZOE.secret,
        display_name="Zoé Martin",
        now=timezone.now(),
        client=client,
        phone=ZOE.phone,
    )
