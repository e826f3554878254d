"""Whether a mail of the current caisse could leave now: asked by who must not promise one in vain."""

import logging

from tenant_apps.messaging.claim_message import transport_of
from tenant_apps.messaging.smtp import SmtpMail
from tenant_apps.messaging.transports import NoTransport, TransportError

log = logging.getLogger(__name__)


def mail_can_leave() -> bool:
    transport = transport_of(channel="mail")
    if not isinstance(transport, SmtpMail):
        return not isinstance(transport, NoTransport)
    try:
        transport.reach()
    except TransportError as error:
        log.warning("no mail can leave: %s", error)
        return False
    return True
