"""SMS through a gateway of the list: what is asked, what is made of each answer, and what is never told."""

import json
import logging
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django_tenants.utils import tenant_context

from guichet.kernel.phones import PhoneRefusedError, french_mobile
from tenant_apps.messaging import breaker as spared
from tenant_apps.messaging.breaker import breaker
from tenant_apps.messaging.deliver_message import deliver_message
from tenant_apps.messaging.domain.providers import TWILIO, Providers, SmsGateway
from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.sms import GatewaySms
from tenant_apps.messaging.transports import ProviderDownError, RefusedError, TransportError
from tenants.models import Caisse
from tenants.policy.secrets import set_secret
from tests.messaging.certificates import make_certificate
from tests.messaging.conftest import Queue, envelope, republish
from tests.messaging.provider import Provider, serve
from tests.world import NOON

TOKEN, ACCOUNT = "jeton-tres-secret-42", "AC0123456789abcdef"
UUID = "00000000-0000-4000-8000-000000000002"
BODY = {
    "to": "{to}",
    "content": {"text": "{text}", "from": "{sender}"},
    "tags": ["{reference}"],
    "paid": True,
}
Allow = Callable[..., SmsGateway]


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificates"), host="localhost")


@pytest.fixture
def provider(certificates: tuple[Path, Path]) -> Iterator[Provider]:
    found = Provider()
    server = serve(found, certificate=certificates[1])
    yield found
    found.over.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def allow(in_alpha: Caisse, provider: Provider, certificates: tuple[Path, Path], settings: Any) -> Allow:
    """Puts the gateway on the list under the name `default`, with the caisse's secrets set."""
    settings.MESSAGE_TRANSPORTS = {"sms": "tenant_apps.messaging.sms.GatewaySms"}
    for name, value in (("sms.token", TOKEN), ("sms.account", ACCOUNT)):
        set_secret(name=name, value=value, by="tests", at=NOON)

    def add(**more: Any) -> SmsGateway:
        entry = {
            "address": provider.address,
            "headers": {"Authorization": "Bearer {secret}", "Idempotency-Key": "{reference}"},
            "body": BODY,
            "ca_file": str(certificates[0]),
            "private": True,
            **more,
        }
        gateway = SmsGateway.model_validate(entry, strict=False)
        settings.PROVIDERS = Providers(sms={"default": gateway})
        return gateway

    return add


def test_a_gateway_is_asked_as_the_list_says(allow: Allow, provider: Provider) -> None:
    allow()
    text = 'Caisse "Alpha" : {to} & code\n123456'
    GatewaySms().send(envelope(text=text))
    [asked] = provider.asked
    assert (asked.method, asked.path) == ("POST", "/v1/messages")
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["Idempotency-Key"] == UUID
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Host"] == f"localhost:{provider.port}"
    # What a message holds ends no value and is no place.
    assert json.loads(asked.body) == {
        "to": "+33639980001",
        "content": {"text": text, "from": "ALPHA"},
        "tags": [UUID],
        "paid": True,
    }


def test_twilio_is_an_entry_of_the_list(allow: Allow, provider: Provider) -> None:
    address = f"https://localhost:{provider.port}/2010-04-01/Accounts/{{account}}/Messages.json"
    allow(**{**TWILIO, "address": address})
    GatewaySms().send(envelope())
    [asked] = provider.asked
    assert asked.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert asked.headers["Authorization"].startswith("Basic ")
    form = parse_qs(asked.body.decode())
    assert (form["To"], form["From"], form["Body"]) == (["+33639980001"], ["ALPHA"], ["Bonjour"])
    assert form["StatusCallback"] == [f"http://alpha.localhost:8000/retours/sms/?message={UUID}"]


@pytest.mark.parametrize(
    ("status", "raised"),
    [
        (400, RefusedError),
        (422, RefusedError),
        (401, TransportError),
        (403, TransportError),
        (404, TransportError),
        (429, TransportError),
        (500, TransportError),
        (503, TransportError),
    ],
)
def test_each_answer_has_its_meaning(
    allow: Allow, provider: Provider, status: int, raised: type[Exception]
) -> None:
    allow()
    provider.answers.append((status, {}, b"no"))
    with pytest.raises(raised) as error:
        GatewaySms().send(envelope())
    assert type(error.value) is raised


def test_a_redirect_is_not_followed(allow: Allow, provider: Provider) -> None:
    allow()
    provider.answers.append((307, {"Location": provider.address + "/elsewhere"}, b""))
    with pytest.raises(TransportError, match="HTTP 307"):
        GatewaySms().send(envelope())
    assert len(provider.asked) == 1


def test_a_private_address_is_called_only_where_the_list_says_so(allow: Allow, provider: Provider) -> None:
    allow(private=False)
    with pytest.raises(TransportError, match="private address"):
        GatewaySms().send(envelope())
    assert provider.asked == []


def test_a_certificate_of_another_authority_is_refused(allow: Allow, provider: Provider) -> None:
    allow(ca_file=None)
    with pytest.raises(ProviderDownError, match="SSLError"):
        GatewaySms().send(envelope())
    assert provider.asked == []


def test_a_certificate_of_another_host_is_refused(allow: Allow, provider: Provider, tmp_path: Path) -> None:
    authority, server = make_certificate(tmp_path, host="autre.example.org")
    other = Provider()
    listening = serve(other, certificate=server)
    allow(ca_file=str(authority), address=other.address)
    with pytest.raises(ProviderDownError, match="SSLError"):
        GatewaySms().send(envelope())
    listening.shutdown()
    listening.server_close()
    assert other.asked == []


@pytest.mark.parametrize("trouble", ["stalls", "drops", "closed"])
def test_a_provider_that_says_nothing_is_given_up_soon(
    allow: Allow, provider: Provider, trouble: str
) -> None:
    allow(read_seconds=0.1)
    if trouble == "stalls":
        provider.stalls.set()
    elif trouble == "drops":
        provider.drops = True
    else:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            allow(address=f"https://localhost:{free.getsockname()[1]}/")
    with pytest.raises(ProviderDownError):
        GatewaySms().send(envelope())


def test_who_is_down_is_spared_for_a_while_and_told_of_once(
    allow: Allow, provider: Provider, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow()
    provider.drops = True
    for _ in range(3):
        with pytest.raises(ProviderDownError):
            GatewaySms().send(envelope())
    assert len(provider.asked) == 1
    monkeypatch.setattr(spared, "HOLD_SECONDS", 0.0)
    breaker._closed_until = dict.fromkeys(breaker._closed_until, 0.0)
    with pytest.raises(ProviderDownError):
        GatewaySms().send(envelope())
    provider.drops = False
    GatewaySms().send(envelope())
    assert len(provider.asked) == 3
    levels = [(each.levelno, "sms:default" in each.getMessage()) for each in caplog.records]
    assert levels == [(logging.ERROR, True), (logging.WARNING, True)]


@pytest.mark.parametrize("status", [400, 401, 503])
def test_a_provider_that_answers_one_caisse_badly_is_not_kept_from_the_others(
    allow: Allow, provider: Provider, status: int
) -> None:
    allow()
    provider.answers.append((status, {}, b""))
    with pytest.raises((RefusedError, TransportError)):
        GatewaySms().send(envelope())
    GatewaySms().send(envelope())
    assert len(provider.asked) == 2


def test_neither_the_secret_nor_the_recipient_is_told_of_a_failure(
    allow: Allow, provider: Provider, code: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    for status in (500, 401, 400):
        provider.answers.append((status, {}, f"{TOKEN} +33639980001".encode()))
        breaker.forget()
        message = code()
        deliver_message(uuid=message.uuid, now=NOON)
        message.refresh_from_db()
        for hidden in (TOKEN, ACCOUNT, "639980001", "localhost"):
            assert hidden not in caplog.text + message.last_error
        assert message.last_error


def test_what_the_caisse_has_not_set_is_said_by_its_name(beta: Caisse, allow: Allow) -> None:
    allow()
    with tenant_context(beta), pytest.raises(TransportError, match=r"sms\.token"):
        GatewaySms().send(envelope())


def test_an_account_that_would_lead_elsewhere_is_refused(allow: Allow, provider: Provider) -> None:
    allow(**{**TWILIO, "address": f"https://localhost:{provider.port}/{{account}}/x"})
    for account in ("../../admin", "a/b", "a?b", "a b", "a\r\nX: y"):
        set_secret(name="sms.account", value=account, by="tests", at=NOON)
        with pytest.raises(TransportError, match=r"sms\.account"):
            GatewaySms().send(envelope())
    assert provider.asked == []


def test_the_policy_names_the_gateway_and_one_that_is_not_listed_is_none(
    allow: Allow, in_alpha: Caisse, provider: Provider
) -> None:
    allow()
    republish(in_alpha, {"senders": {"sms_gateway": "autre"}})
    with pytest.raises(TransportError, match="no provider is configured"):
        GatewaySms().send(envelope())
    assert provider.asked == []


def test_the_gateway_of_an_account_refuses_a_number_for_good(
    allow: Allow, provider: Provider, code: Queue
) -> None:
    allow(**{**TWILIO, "address": f"https://localhost:{provider.port}/{{account}}"})
    provider.answers.append((400, {}, b'{"code": 21614, "message": "not a mobile number"}'))
    message = code()
    assert deliver_message(uuid=message.uuid, now=NOON) == Message.State.FAILED
    message.refresh_from_db()
    assert (message.last_error, bytes(message.sealed)) == (Why.UNKNOWN, b"")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("0692 12 34 56", "+262692123456"),
        ("+262 692 12 34 56", "+262692123456"),
        ("0639 01 23 45", "+262639012345"),
        ("0690 00 12 34", "+590690001234"),
        ("0694 20 12 34", "+594694201234"),
        ("0696 20 12 34", "+596696201234"),
        ("00 596 696 20 12 34", "+596696201234"),
        ("06 12 34 56 78", "+33612345678"),
    ],
)
def test_a_number_from_overseas_goes_out_with_its_own_code(
    allow: Allow, provider: Provider, typed: str, sent: str
) -> None:
    allow(body={"to": "{to}", "digits": "{to_digits}", "text": "{text}"})
    GatewaySms().send(envelope(to=french_mobile(typed, fiction=False)))
    assert json.loads(provider.asked[0].body) == {"to": sent, "digits": sent[1:], "text": "Bonjour"}


@pytest.mark.parametrize("typed", ["+269 321 23 45", "+269 639 01 23 45"])
def test_a_number_of_the_comoros_is_not_one_of_mayotte(typed: str) -> None:
    """Mayotte had that code until 2007."""
    with pytest.raises(PhoneRefusedError):
        french_mobile(typed, fiction=False)


@pytest.mark.parametrize("to", ["0692123456", "33612345678", "+3361234 5678", "", "+33612345678\n"])
def test_what_is_not_a_whole_number_is_not_sent(allow: Allow, provider: Provider, to: str) -> None:
    allow()
    with pytest.raises(RefusedError):
        GatewaySms().send(envelope(to=to))
    assert provider.asked == []
