"""The list of providers that the GIE allows: what is malformed stops the start, and no value of it is repeated."""

from pathlib import Path

import pytest

from tenant_apps.messaging.domain.providers import ProvidersRefusedError, read_providers
from tests.config.test_production import settings
from tests.conventions.tree import ROOT

GATEWAY = """
[sms.default]
address = "https://api.example.org/v1/messages"
headers = { Authorization = "Bearer {secret}" }
body = { to = "{to}", text = "{text}" }
"""
TWILIO = '[sms.default]\nkind = "twilio"\n'
MAIL = '[mail.nimes]\nhost = "smtp.nimes.example.org"\n'


def test_a_list_is_read() -> None:
    found = read_providers(GATEWAY + TWILIO.replace("default", "autre") + MAIL)
    assert found.sms["default"].method == "POST"
    assert not found.sms["default"].private
    assert found.sms["autre"].returns == "twilio"
    assert (found.mail["nimes"].security, found.mail["nimes"].port) == ("starttls", 587)


def test_the_example_of_the_documentation_is_a_list() -> None:
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    found = read_providers(example)
    assert {"default", "regional"} <= set(found.sms)
    assert found.mail


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[sms", "not TOML"),
        ("sms = 3", "tables"),
        ("[sms]\ndefault = 3", "tables"),
        ("[voice.default]\nx = 1", "voice"),
        (GATEWAY.replace("https", "http"), "address"),
        (GATEWAY.replace("api.example", "jeton:secret@api.example"), "address"),
        (GATEWAY.replace("api.example.org", "{account}.example.org"), "address"),
        (GATEWAY.replace("/messages", "/{secret}"), "address"),
        (GATEWAY.replace("/messages", "/#x"), "address"),
        (GATEWAY.replace("{secret}", "{token}"), "headers"),
        (GATEWAY.replace("{secret}", "{secret"), "headers"),
        (GATEWAY.replace("{secret}", "a\\r\\nX: b"), "headers"),
        (GATEWAY.replace("Authorization", "Host"), "headers"),
        (GATEWAY.replace("{text}", "{texte}"), "body"),
        (GATEWAY.replace("{text}", "Bonjour"), "neither"),
        (GATEWAY + "idempotent = true", "reference"),
        (GATEWAY + 'format = "form"\n[sms.default.body.deep]\nx = "y"', "TOML"),
        (GATEWAY + "read_seconds = 60", "read_seconds"),
        (GATEWAY + "redirects = true", "redirects"),
        (GATEWAY + 'private = "yes"', "private"),
        (GATEWAY.replace("sms.default", 'sms."Défaut"'), "sms"),
        (MAIL + 'security = "none"', "security"),
        (MAIL + "port = 0", "port"),
        (MAIL + 'password = "hidden"', "password"),
        (MAIL + 'return_address = "une-boite-bien-trop-longue@example.org"', "return_address"),
        (MAIL.replace("nimes", "default", 1), "GUICHET_SMTP_HOST"),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(text: str, where: str) -> None:
    with pytest.raises(ProvidersRefusedError, match=where) as refused:
        read_providers(text)
    assert "jeton" not in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_a_malformed_list_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "providers.toml"
    file.write_text(GATEWAY.replace("https", "http"), encoding="utf-8")
    done = settings("RETURN_ADDRESS", GUICHET_PROVIDERS=str(file))
    assert done.returncode == 1
    assert "GUICHET_PROVIDERS: sms.default.address" in done.stderr.splitlines()[-1]
    gone = settings("RETURN_ADDRESS", GUICHET_PROVIDERS=str(tmp_path / "nowhere.toml"))
    assert "cannot be read" in gone.stderr.splitlines()[-1]


def test_a_return_address_that_holds_no_token_stops_the_start() -> None:
    done = settings("RETURN_ADDRESS", GUICHET_RETURN_ADDRESS="retours")
    assert done.returncode == 1
    assert "GUICHET_RETURN_ADDRESS: an address such as" in done.stderr.splitlines()[-1]
