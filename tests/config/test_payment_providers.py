"""The list of payment providers that the GIE allows: what is malformed stops the start, and no value is repeated."""

from pathlib import Path

import pytest

from tenant_apps.payments.domain.providers import ProvidersRefusedError, is_allowed, read_card_providers
from tests.config.test_production import settings
from tests.conventions.tree import ROOT

STRIPE = '[default]\nkind = "stripe"\n'


def test_an_entry_of_stripe_has_stripes_own_addresses() -> None:
    found = read_card_providers(STRIPE)["default"]
    assert (found.api, found.pages) == ("https://api.stripe.com", ["https://checkout.stripe.com"])


def test_the_example_of_the_documentation_is_a_list() -> None:
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8").partition("## Card payments")[2]
    assert set(read_card_providers(page.partition("```toml\n")[2].partition("```")[0])) == {"default"}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[default", "not TOML"),
        ('[default]\nkind = "paypal"', "kind"),
        (STRIPE + 'api = "http://api.stripe.com"', "api"),
        (STRIPE + 'api = "https://secret@api.stripe.com"', "api"),
        (STRIPE + 'api = "https://api.stripe.com/v1"', "api"),
        (STRIPE + 'pages = ["https://checkout.stripe.com/pay"]', "pages"),
        (STRIPE + "seconds = 0", "seconds"),
        (STRIPE + 'key = "secret"', "key"),
        (STRIPE.replace("default", '"Défaut"'), "faut"),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(text: str, where: str) -> None:
    with pytest.raises(ProvidersRefusedError, match=where) as refused:
        read_card_providers(text)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://pay.example.org/x?y", True),
        ("https://pay.example.org:444/x", False),
        ("http://pay.example.org/x", False),
        ("https://pay.example.org@evil.example.org/", False),
        ("https://pay.example.org.evil.example.org/", False),
        ("/x", False),
        ("//pay.example.org/x", False),
        ("javascript:alert(1)", False),
    ],
)
def test_a_browser_is_sent_to_the_pages_of_the_list_alone(address: str, allowed: bool) -> None:
    assert is_allowed(address, pages=["https://pay.example.org"]) is allowed


def test_the_demos_provider_is_none_of_production(tmp_path: Path) -> None:
    file = tmp_path / "payments.toml"
    file.write_text('[default]\nkind = "demo"\n', encoding="utf-8")
    done = settings("PAYMENT_PROVIDERS", GUICHET_PAYMENT_PROVIDERS=str(file))
    assert done.returncode == 1
    assert "GUICHET_PAYMENT_PROVIDERS: default" in done.stderr.splitlines()[-1]
    gone = settings("PAYMENT_PROVIDERS", GUICHET_PAYMENT_PROVIDERS=str(tmp_path / "nowhere.toml"))
    assert "cannot be read" in gone.stderr.splitlines()[-1]
