"""SMS through the gateway of the GIE's list that the caisse's policy names."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from guichet.kernel.sealing import SealBrokenError
from guichet.web.own_address import own_address
from tenant_apps.messaging.breaker import breaker
from tenant_apps.messaging.domain.providers import PLACE, SmsGateway
from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.domain.twilio import why_of_refusal
from tenant_apps.messaging.https_call import Answer, call
from tenant_apps.messaging.transports import Envelope, RefusedError, TransportError
from tenants.policy.current import current_policy
from tenants.policy.secrets import MissingSecretError, read_secret

TOKEN, ACCOUNT = "sms.token", "sms.account"  # the names of secrets
_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
# It stands in a path: nothing that could lead elsewhere.
_PLAIN_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
# The message itself was looked at, and is not wanted (RFC 9110, 15.5.1 and 15.5.21).
_NOT_WANTED = frozenset({400, 422})
_NO_MORE_YES = 300


def gateway_of_caisse() -> SmsGateway | None:
    """The one that the policy names; None when the list has none of that name."""
    found: SmsGateway | None = settings.PROVIDERS.sms.get(current_policy().senders.sms_gateway)
    return found


class GatewaySms:
    """One call a message. What the provider is asked is never told: not in a log, not in an error."""

    @property
    def repeats(self) -> bool:
        gateway = gateway_of_caisse()
        return gateway is None or gateway.idempotent

    def send(self, envelope: Envelope) -> None:
        gateway = gateway_of_caisse()
        if gateway is None:
            raise TransportError("no provider is configured for sms")
        if not _E164.fullmatch(envelope.to):
            raise RefusedError(Why.UNKNOWN)
        places = _places(gateway, envelope)
        body, kind = _written(gateway, places)
        with breaker.calling(f"sms:{current_policy().senders.sms_gateway}"):
            answer = call(
                gateway=gateway,
                address=_filled(gateway.address, places),
                headers={
                    **{name: _filled(value, places) for name, value in gateway.headers.items()},
                    "Content-Type": kind,
                },
                body=body,
            )
            _judge(gateway, answer)


def callback_address(envelope: Envelope) -> str:
    """Where the provider says what became of it. It names the sending and nobody."""
    return f"{own_address(reverse('sms_returns'))}?{urlencode({'message': str(envelope.reference)})}"


def _places(gateway: SmsGateway, envelope: Envelope) -> dict[str, str]:
    token, account = _secret(gateway, TOKEN, "secret", "basic"), _secret(gateway, ACCOUNT, "account", "basic")
    if account and not _PLAIN_ACCOUNT.fullmatch(account):
        raise TransportError(f"the secret {ACCOUNT} of the caisse has signs that no account has")
    if not token.isascii() or not token.isprintable():
        raise TransportError(f"the secret {TOKEN} of the caisse has signs that no header may hold")
    return {
        "to": envelope.to,
        "to_digits": envelope.to.removeprefix("+"),
        "text": envelope.text,
        "sender": current_policy().senders.sms_sender,
        "reference": str(envelope.reference),
        "callback": callback_address(envelope),
        "secret": token,
        "account": account,
        "basic": base64.b64encode(f"{account}:{token}".encode()).decode("ascii"),
    }


def _secret(gateway: SmsGateway, name: str, *places: str) -> str:
    """Asked for only where the gateway has a place for it."""
    asked = f"{gateway.address} {' '.join(gateway.headers.values())} {json.dumps(gateway.body)}"
    if not any(f"{{{place}}}" in asked for place in places):
        return ""
    try:
        return read_secret(name=name)
    except MissingSecretError:
        raise TransportError(f"the caisse has not set its secret {name}") from None
    except SealBrokenError:
        raise TransportError(f"the secret {name} of the caisse does not open") from None


def _written(gateway: SmsGateway, places: Mapping[str, str]) -> tuple[bytes, str]:
    """What is filled in stands inside a value, and ends no value: JSON and forms are written after it."""
    filled = _each_filled(gateway.body, places)
    if gateway.format == "form":
        return urlencode(filled).encode("ascii"), "application/x-www-form-urlencoded"
    return json.dumps(filled).encode("ascii"), "application/json"


def _each_filled(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _filled(value, places)
    if isinstance(value, dict):
        return {name: _each_filled(each, places) for name, each in value.items()}
    return [_each_filled(each, places) for each in value] if isinstance(value, list) else value


def _filled(text: str, places: Mapping[str, str]) -> str:
    """In one pass: braces that a message holds are no places."""
    return PLACE.sub(lambda found: places[found[1]], text)


def _judge(gateway: SmsGateway, answer: Answer) -> None:
    """Raises unless the provider has said yes."""
    if answer.status < _NO_MORE_YES:
        return
    if answer.status in _NOT_WANTED:
        why = why_of_refusal(answer.body) if gateway.returns == "twilio" else Why.REFUSED
        if why is not None:
            raise RefusedError(why)
    # Busy, broken, a redirect, a wrong credential. It has answered, perhaps for this caisse alone: it is not spared.
    raise TransportError(f"HTTP {answer.status}")
