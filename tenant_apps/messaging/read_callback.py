"""What an SMS provider says of a message, once it has proved who it is."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guichet.kernel.sealing import SealBrokenError
from tenant_apps.messaging.domain import twilio
from tenant_apps.messaging.domain.providers import Returns
from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.references import Reference, UnknownReferenceError, read_reference
from tenant_apps.messaging.sms import TOKEN, gateway_of_caisse
from tenants.policy.secrets import MissingSecretError, read_secret

WEBHOOK = "sms.webhook"


class UnsignedError(RuntimeError):
    """Nothing says that it comes from the caisse's provider."""


class UnreadableError(ValueError):
    """Signed, and yet it names no message or says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """`why`: it did not arrive. Neither `why` nor `arrived`: it is on its way.

    `with_recipient`: it is on the telephone, and not only with the operator.
    """

    reference: Reference
    arrived: bool
    with_recipient: bool
    why: Why | None


def read_callback(
    *,
    address: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    fields: Mapping[str, list[str]],
    body: bytes,
) -> Callback:
    """`address`: the one that the provider was told to call. Raises UnsignedError, UnreadableError."""
    gateway = gateway_of_caisse()
    if gateway is None or gateway.returns is None:
        raise UnsignedError
    try:
        if gateway.returns == "twilio":
            _check_twilio(address, headers, fields)
            return _of_twilio(query, fields)
        _check_hmac(gateway.returns, headers, body)
        return _of_json(gateway.returns, body)
    except UnknownReferenceError as error:
        raise UnreadableError from error


def _check_twilio(address: str, headers: Mapping[str, str], fields: Mapping[str, list[str]]) -> None:
    right = twilio.signature(token=_secret(TOKEN), address=address, fields=fields)
    if not hmac.compare_digest(right.encode(), headers.get("X-Twilio-Signature", "").encode()):
        raise UnsignedError


def _of_twilio(query: Mapping[str, str], fields: Mapping[str, list[str]]) -> Callback:
    status = fields.get("MessageStatus", [""])[0]
    return Callback(
        reference=read_reference(query.get("message", "")),
        arrived=status in twilio.ARRIVED,
        with_recipient=status == twilio.WITH_RECIPIENT,
        why=twilio.why_of_status(status, fields.get("ErrorCode", [""])[0]),
    )


def _check_hmac(rules: Returns, headers: Mapping[str, str], body: bytes) -> None:
    right = hmac.new(_secret(WEBHOOK).encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), headers.get(rules.signature, "").lower().encode()):
        raise UnsignedError


def _of_json(rules: Returns, body: bytes) -> Callback:
    try:
        said: Any = json.loads(body)
        reference, status = str(said[rules.reference]), str(said[rules.status])
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableError from error
    ways = {Why.UNKNOWN: rules.unknown, Why.REFUSED: rules.refused, Why.UNREACHABLE: rules.unreachable}
    return Callback(
        reference=read_reference(reference),
        arrived=status in rules.arrived,
        with_recipient=status in rules.arrived,
        why=next((why for why, statuses in ways.items() if status in statuses), None),
    )


def _secret(name: str) -> str:
    try:
        return read_secret(name=name)
    except (MissingSecretError, SealBrokenError):
        raise UnsignedError from None
