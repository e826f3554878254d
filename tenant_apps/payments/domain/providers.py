"""The payment providers that the GIE allows: where each answers, and where it may send a browser."""

import re
import tomllib
from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

Kind = Literal["stripe", "demo"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
_ORIGIN = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[1-9][0-9]{0,4})?", re.ASCII)


class ProvidersRefusedError(ValueError):
    """Says where, and never repeats a value."""


def _origin(address: str) -> str:
    """Nothing but a scheme, a host and a port: no name, no path, nothing that leads elsewhere."""
    if not _ORIGIN.fullmatch(address):
        raise ValueError("an address such as https://pay.example.org is expected, without a path")
    return address


Origin = Annotated[str, AfterValidator(_origin)]


class CardProvider(BaseModel):
    """One entry of the list. The keys are the caisse's own: `payments.key`, `payments.webhook`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Kind
    api: Origin = "https://api.stripe.com"
    pages: list[Origin] = ["https://checkout.stripe.com"]
    """Where the browser may be sent to pay."""
    seconds: float = Field(default=10, gt=0, le=60)
    """How long one call may take."""


CardProviders = Mapping[str, CardProvider]
_FILE = TypeAdapter(dict[Name, CardProvider])


def read_card_providers(text: str) -> CardProviders:
    """From the text of a TOML file, a table `[NAME]` each. Raises ProvidersRefusedError."""
    try:
        return _FILE.validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ProvidersRefusedError("it is not TOML") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        raise ProvidersRefusedError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def is_allowed(address: str, *, pages: list[str]) -> bool:
    """Whether a browser may be sent there: the same scheme, host and port as one of the list."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" in pages
