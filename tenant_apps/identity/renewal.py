"""A secret that the agency took away is chosen anew by the ways of a first connection: the journal says which it is."""

from tenant_apps.identity.models import User

SENT, OPENED, DONE = "activation.sent", "activation.opened", "activation.done"
REFUSED, NOTHING_SENT = "activation.refused", "activation.nothing_sent"
_ANEW = {
    SENT: "secret.renewal_sent",
    OPENED: "secret.renewal_opened",
    DONE: "secret.renewal_done",
    REFUSED: "secret.renewal_refused",
    NOTHING_SENT: "secret.renewal_nothing_sent",
}
# The account has a secret of its owner's from here on.
BEGUN = (DONE, _ANEW[DONE])


def kind_for(kind: str, *, user: User) -> str:
    """What the journal calls an event of this person's way to a secret."""
    return _ANEW[kind] if user.chooses_anew else kind
