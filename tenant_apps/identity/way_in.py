"""Where a message leads its client: to the page itself, or first to the door that opens for them."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from guichet.web.own_address import own_address
from tenant_apps.identity.people import user_of_client
from tenant_apps.identity.realms import CLIENTS, rules_of

_DOORS = {"letter": "first_connection", "request": "ask_activation", None: "sign_in"}


@dataclass(frozen=True, slots=True)
class WayIn:
    """`link`: empty where the client has no account that they could open. `first`: to their first connection."""

    link: str
    first: bool

    @property
    def context(self) -> dict[str, object]:
        """As `messages/_way_in` takes it."""
        return {"link": self.link, "first_connection": self.first}


def way_in(*, client: UUID, page: str) -> WayIn:
    """`page`: what they are to see, as a path. A page of the space is no use to who has never opened it. One query."""
    user = user_of_client(uuid=client)
    if user is None or not user.is_active:
        return WayIn("", first=False)
    if user.is_activated:
        return WayIn(own_address(page), first=False)
    return WayIn(own_address(reverse(_DOORS[rules_of(CLIENTS).activation.begins_with])), first=True)
