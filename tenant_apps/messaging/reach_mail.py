"""Whether a mail of the current caisse could leave now: asked by who must not promise one in vain."""

import logging

from tenant_apps.messaging.claim_message import transport_of
from tenant_apps.messaging.smtp import SmtpMail
from tenant_apps.messaging.transports import TransportError

NO_MAIL = (
    "aucun e-mail ne peut partir d’ici : le serveur de courrier ne répond pas, ou ne nous laisse pas entrer."
    " Donnez-le à tous les processus par GUICHET_SMTP_HOST, GUICHET_SMTP_PORT, GUICHET_SMTP_USER et"
    " GUICHET_SMTP_PASSWORD (ou celui que la caisse nomme dans senders.mail_server), puis relancez cette commande ;"
    " voir docs/running.md"
)
"""What a command says then."""
log = logging.getLogger(__name__)


def mail_can_leave() -> bool:
    transport = transport_of(channel="mail")
    if not isinstance(transport, SmtpMail):
        return True
    try:
        transport.reach()
    except TransportError as error:
        log.warning("no mail can leave: %s", error)
        return False
    return True
