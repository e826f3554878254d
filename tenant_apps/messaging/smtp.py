"""Mail through the platform's relay, or through the caisse's own server."""

import contextlib
import smtplib
import ssl
from email.mime.image import MIMEImage
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils.functional import cached_property

from guichet.kernel.sealing import SealBrokenError
from tenant_apps.messaging.breaker import breaker
from tenant_apps.messaging.domain.providers import DEFAULT, MailServer
from tenant_apps.messaging.domain.returns import Why, why_of_reply, why_of_status
from tenant_apps.messaging.references import return_address, returns_to
from tenant_apps.messaging.transports import (
    Envelope,
    Picture,
    ProviderDownError,
    RefusedError,
    TransportError,
)
from tenants.policy.current import current_policy
from tenants.policy.secrets import MissingSecretError, read_secret

USER, PASSWORD = "smtp.user", "smtp.password"  # the names of secrets
# Of each step of the conversation: a dozen of them stay within the lease of a message.
SECONDS = 10
_PERMANENT = 500


class OwnServer(EmailBackend):
    """Django's own, with an authority of its own for the certificate where the list names one."""

    def __init__(self, *, ca_file: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._ca_file = ca_file

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._ca_file)


class _Mail(EmailMultiAlternatives):
    """Its HTML and the pictures that it shows are one part (RFC 2387): they are no files that came with it."""

    pictures: tuple[Picture, ...] = ()

    def _create_alternatives(self, msg: Any) -> Any:
        whole = super()._create_alternatives(msg)  # type: ignore[misc]  # Django's own, which its stub leaves out
        if self.pictures:
            parts = whole.get_payload()
            related = SafeMIMEMultipart(_subtype="related", encoding=self.encoding)
            for part in (parts[-1], *map(_part, self.pictures)):
                related.attach(part)
            parts[-1] = related
        return whole


def _part(picture: Picture) -> MIMEImage:
    part = MIMEImage(picture.content, "png")
    part["Content-ID"] = f"<{picture.content_id}>"
    part["Content-Disposition"] = f'inline; filename="{picture.name}.png"'
    return part


class SmtpMail:
    """From the caisse's own sender; what comes back goes to an address that names the sending.

    Handed over twice, a mail has the same Message-ID twice, which most mailboxes show once: better than none.
    """

    repeats = True

    def send(self, envelope: Envelope) -> None:
        senders = current_policy().senders
        server = _server_of_caisse()
        connection = _connection(server)
        author = f"{senders.mail_from_name} <{senders.mail_address}>"
        base = (server.return_address if server else "") or returns_to()
        mail = _Mail(
            envelope.subject,
            envelope.text,
            return_address(reference=envelope.reference, base=base) if base else author,
            [envelope.to],
            headers={
                "From": author,
                "Message-ID": f"<{envelope.reference}@{senders.mail_address.partition('@')[2]}>",
                # RFC 3834: no holiday notice in answer to these.
                "Auto-Submitted": "auto-generated",
            },
            connection=connection,
        )
        mail.attach_alternative(envelope.html, "text/html")
        mail.pictures = envelope.pictures
        for each in envelope.attachments:
            mail.attach(each.name, each.content, each.media_type)
        with breaker.calling(f"mail:{senders.mail_server}"):
            _hand_over(mail, connection)

    def reach(self) -> None:
        """The server answers and lets us in. Raises TransportError."""
        connection = _connection(_server_of_caisse())
        try:
            connection.open()
        except (smtplib.SMTPException, OSError) as error:
            raise TransportError(type(error).__name__) from None
        finally:
            with contextlib.suppress(OSError):
                connection.close()


def _server_of_caisse() -> MailServer | None:
    """None: the platform's relay. Raises TransportError."""
    name = current_policy().senders.mail_server
    if name == DEFAULT:
        return None
    found: MailServer | None = settings.PROVIDERS.mail.get(name)
    if found is None:
        raise TransportError("no provider is configured for mail")
    return found


def _connection(server: MailServer | None) -> Any:
    if server is None:
        return get_connection()
    return OwnServer(
        host=server.host,
        port=server.port,
        username=_secret(USER) if server.signs_in else "",
        password=_secret(PASSWORD) if server.signs_in else "",
        use_tls=server.security == "starttls",
        use_ssl=server.security == "tls",
        timeout=SECONDS,
        ca_file=server.ca_file,
    )


def _secret(name: str) -> str:
    try:
        return read_secret(name=name)
    except MissingSecretError:
        raise TransportError(f"the caisse has not set its secret {name}") from None
    except SealBrokenError:
        raise TransportError(f"the secret {name} of the caisse does not open") from None


def _hand_over(mail: EmailMultiAlternatives, connection: Any) -> None:
    """What a server answers may quote the recipient: only its kind is told."""
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        _refused(code, whom=why_of_reply(code, _text(said)))
    except smtplib.SMTPDataError as error:
        _refused(error.smtp_code, whom=why_of_status(_text(error.smtp_error)) or Why.REFUSED)
    except (
        smtplib.SMTPSenderRefused,
        smtplib.SMTPAuthenticationError,
        smtplib.SMTPNotSupportedError,
    ) as error:
        # It speaks of us, not of the recipient: somebody mends the configuration meanwhile.
        raise TransportError(type(error).__name__) from None
    except (smtplib.SMTPException, OSError) as error:
        raise ProviderDownError(type(error).__name__) from None
    finally:
        # Django leaves open what fails between the first word and the mail.
        with contextlib.suppress(OSError):
            connection.close()


def _refused(code: int, *, whom: Why) -> None:
    if code >= _PERMANENT:
        raise RefusedError(whom) from None
    raise TransportError(f"SMTP {code}") from None


def _text(said: str | bytes) -> str:
    return said.decode("ascii", "replace") if isinstance(said, bytes) else said
