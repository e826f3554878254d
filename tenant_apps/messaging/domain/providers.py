"""The list of providers that the GIE allows: SMS gateways and mail servers, read from its file when a process starts.

No other address is ever called. A caisse's policy names one of the list; what it signs in with is in its own sealed
store. `docs/running.md` has an example.
"""

import re
import tomllib
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

DEFAULT = "default"
"""The name that a policy gives unless it says otherwise. Of mail servers, the platform's own relay."""
IN_HEADERS = frozenset({"secret", "basic", "account", "reference"})
IN_BODY = frozenset({"to", "to_digits", "text", "sender", "reference", "callback", "account", "secret"})
IN_ADDRESS = frozenset({"account"})
PLACE = re.compile(r"\{([^{}]*)\}")
_NAME = r"^[a-z][a-z0-9_-]{0,39}$"
_HEADER = re.compile(r"[A-Za-z0-9-]{1,60}", re.ASCII)
_VISIBLE = re.compile(r"[\x20-\x7e]{0,400}", re.ASCII)
# Set by the call itself.
_OURS = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection"})

Name = Annotated[str, StringConstraints(pattern=_NAME)]
Seconds = Annotated[float, Field(gt=0, le=10)]
Body = dict[str, Any]


class ProvidersRefusedError(ValueError):
    """What is wrong, and where; never a value, which may be a secret that has no place there."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _places_in(text: str, allowed: frozenset[str]) -> None:
    found = set(PLACE.findall(text))
    left = PLACE.sub("", text)
    if not found <= allowed or "{" in left or "}" in left:
        raise ValueError(f"only {', '.join(f'{{{name}}}' for name in sorted(allowed))} may stand in braces")


def _https(address: str) -> str:
    _places_in(address, IN_ADDRESS)
    parts = urlsplit(address)
    plain = parts.scheme == "https" and parts.hostname and not (parts.username or parts.password)
    if not plain or parts.fragment or "{" in parts.netloc or not _VISIBLE.fullmatch(address):
        raise ValueError(
            "an address such as https://api.example.org/messages is expected, without name or secret"
        )
    if parts.port == 0:
        raise ValueError("a port is expected")
    return address


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or name.lower() in _OURS or not _VISIBLE.fullmatch(value):
            raise ValueError("a header that may not be set, or that holds what no header may")
        _places_in(value, IN_HEADERS)
    return headers


def _body(body: Body) -> Body:
    for text in _texts(body):
        _places_in(text, IN_BODY)
    return body


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return []


_RETURN_ADDRESS = re.compile(
    r"[a-z0-9._-]{1,16}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII
)


def checked_return_address(text: str) -> str:
    """64 characters stand before an @, and a token takes 46 of them. Raises ValueError."""
    if text and not _RETURN_ADDRESS.fullmatch(text):
        raise ValueError("an address such as retours@example.org, with 16 signs at most before the @")
    return text


class Returns(_Entry):
    """How the provider tells what became of a message: a JSON body, signed with the caisse's `sms.webhook`."""

    signature: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,60}$")] = "X-Signature"
    """The header that holds the HMAC-SHA256 of the body, in hexadecimal."""
    reference: str = "reference"
    status: str = "status"
    arrived: list[str]
    unknown: list[str] = []
    refused: list[str] = []
    unreachable: list[str] = []


class SmsGateway(_Entry):
    """One HTTPS call that hands an SMS over. 2xx is a yes."""

    address: Annotated[str, AfterValidator(_https)]
    method: Literal["POST", "PUT"] = "POST"
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = {}
    format: Literal["json", "form"] = "json"
    body: Annotated[Body, AfterValidator(_body)]
    idempotent: bool = False
    """Whether the provider sends once what it is given twice with the same {reference}."""
    returns: Returns | Literal["twilio"] | None = None
    connect_seconds: Seconds = 5
    read_seconds: Seconds = 10
    ca_file: str | None = None
    """The authority of the provider's certificate, where it is not a public one."""
    private: bool = False
    """Whether the address may be one of a private network."""

    @model_validator(mode="after")
    def _is_whole(self) -> "SmsGateway":
        used = {place for text in _texts(self.body) for place in PLACE.findall(text)}
        if not {"text"} <= used or not used & {"to", "to_digits"}:
            raise ValueError("the body has neither {text} nor the number, or not both")
        if self.idempotent and "reference" not in used | _places_of(self.headers.values()):
            raise ValueError("an idempotent provider is told the {reference}")
        if self.format == "form" and not all(isinstance(value, str) for value in self.body.values()):
            raise ValueError("a form has one text a field")
        return self


def _places_of(texts: Any) -> set[str]:
    return {place for text in texts for place in PLACE.findall(text)}


class MailServer(_Entry):
    """A caisse's own server. It signs in with the caisse's `smtp.user` and `smtp.password`."""

    host: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,253}$")]
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls"] = "starttls"
    signs_in: bool = True
    return_address: Annotated[str, AfterValidator(checked_return_address)] = ""
    """Where bounces go, when the server takes no other sender than its own; empty: the platform's."""
    ca_file: str | None = None


class Providers(_Entry):
    """By name."""

    sms: dict[Name, SmsGateway] = {}
    mail: dict[Name, MailServer] = {}


TWILIO: dict[str, Any] = {
    "address": "https://api.twilio.com/2010-04-01/Accounts/{account}/Messages.json",
    "headers": {"Authorization": "Basic {basic}"},
    "format": "form",
    "body": {"To": "{to}", "From": "{sender}", "Body": "{text}", "StatusCallback": "{callback}"},
    "returns": "twilio",
}
"""What `kind = "twilio"` stands for: an entry like any other, which may say otherwise field by field."""


def read_providers(text: str) -> Providers:
    """From the text of a TOML file. Raises ProvidersRefusedError."""
    try:
        raw = tomllib.loads(text)
        for entry in raw.get("sms", {}).values():
            if entry.pop("kind", "https") == "twilio":
                entry.update({key: value for key, value in TWILIO.items() if key not in entry})
        found = Providers.model_validate(raw)
    except tomllib.TOMLDecodeError as error:
        raise ProvidersRefusedError("it is not TOML") from error
    except AttributeError as error:
        raise ProvidersRefusedError("it has tables [sms.NAME] and [mail.NAME]") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        raise ProvidersRefusedError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if DEFAULT in found.mail:
        raise ProvidersRefusedError(f"mail.{DEFAULT} is the platform's own relay: see GUICHET_SMTP_HOST")
    return found
