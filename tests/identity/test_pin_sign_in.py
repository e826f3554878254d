"""A PIN as the secret: typed on a keypad that is scrambled at each display, or in its twin."""

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import SpentDraw
from tenant_apps.identity.tasks import forget
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.keypads import PIN, PIN_ALONE, WRONG_PIN, drawn, pressed, with_pin
from tests.identity.steps import SIGN_IN, events, failures, publish, said, user_of
from tests.world import ANNE, BRUNO


@pytest.fixture(autouse=True)
def mutual(alpha: Caisse, clock: Clock) -> Caisse:
    """Anne's caisse, where the secret is a PIN and nothing follows; three tries, then a minute."""
    publish(
        alpha,
        {
            "secret": {"kind": "pin"},
            "second_factor": {"required": False, "methods": []},
            "lockout": {"max_failures": 3, "wait": "1 min"},
            **PIN_ALONE,
        },
    )
    with_pin(alpha, user_of(alpha))
    return alpha


def test_the_keypad_opens(browser: Browser) -> None:
    answer = browser.post(
        SIGN_IN, {"identifier": ANNE.identifier, **pressed(drawn(browser.get(SIGN_IN), "secret"), PIN)}
    )
    assert answer.headers["Location"] == "/"
    assert browser.get("/").status_code == 200


def test_its_twin_opens_too(browser: Browser) -> None:
    answer = browser.post(SIGN_IN, {"identifier": ANNE.identifier, "secret": "48 15 16"})
    assert answer.headers["Location"] == "/"


def test_a_display_is_scrambled_anew_each_time(browser: Browser) -> None:
    seen = {
        "".join(key.digit for row in drawn(browser.get(SIGN_IN), "secret").rows for key in row)
        for _ in range(8)
    }
    assert len(seen) > 1


def test_a_display_serves_once_even_for_the_right_pin(browser_at: BrowserAt, mutual: Caisse) -> None:
    first, other = browser_at(ANNE.host), browser_at(ANNE.host)
    fields = {"identifier": ANNE.identifier, **pressed(drawn(first.get(SIGN_IN), "secret"), PIN)}
    assert first.post(SIGN_IN, fields).status_code == 302
    again = other.post(SIGN_IN, fields)
    assert again.status_code == 200
    assert "Ce pavé a déjà servi" in said(again)
    assert failures(mutual) == 0


def test_a_display_sent_twice_is_one_try(browser: Browser, mutual: Caisse) -> None:
    fields = {"identifier": ANNE.identifier, **pressed(drawn(browser.get(SIGN_IN), "secret"), WRONG_PIN)}
    answers = [browser.post(SIGN_IN, fields) for _ in range(3)]
    assert "Ce pavé a déjà servi" in said(answers[2])
    assert failures(mutual) == 1


def test_a_braked_address_spends_no_display(browser: Browser, mutual: Caisse) -> None:
    publish(mutual, {"lockout": {"max_failures": 3, "address_max_failures": 3, "robots": "never"}})
    for number in range(3):
        browser.post(SIGN_IN, {"identifier": f"190000000{number}", "secret": WRONG_PIN})
    keypad = drawn(browser.get(SIGN_IN), "secret")
    answer = browser.post(SIGN_IN, {"identifier": ANNE.identifier, **pressed(keypad, PIN)})
    assert answer.status_code == 429
    with tenant_context(mutual):
        assert SpentDraw.objects.count() == 0


def test_a_display_grows_too_old(browser: Browser, clock: Clock) -> None:
    fields = pressed(drawn(browser.get(SIGN_IN), "secret"), PIN)
    clock.move(minutes=16)
    assert "resté ouvert trop longtemps" in said(
        browser.post(SIGN_IN, {"identifier": ANNE.identifier, **fields})
    )


def test_a_display_of_another_caisse_serves_nothing(
    browser: Browser, browser_at: BrowserAt, beta: Caisse
) -> None:
    publish(
        beta, {"secret": {"kind": "pin"}, "second_factor": {"required": False, "methods": []}, **PIN_ALONE}
    )
    foreign = drawn(browser_at(BRUNO.host).get(SIGN_IN), "secret")
    answer = browser.post(SIGN_IN, {"identifier": ANNE.identifier, **pressed(foreign, PIN)})
    assert "Ce pavé a déjà servi" in said(answer)


@pytest.mark.parametrize("token", ["", "x", "é", "AAAA", "=" * 50, "A" * 3000, "\x00"])
def test_a_made_up_display_is_refused_kindly(browser: Browser, token: str) -> None:
    answer = browser.post(SIGN_IN, {"identifier": ANNE.identifier, "draw": token, "positions": "0,1,2,3,4,5"})
    assert answer.status_code == 200
    assert "Tapez votre code sur le nouveau" in said(answer)


@pytest.mark.parametrize("positions", ["a", "0,1,2,3,4,10", "0,1", "0," * 40, "0;1", "\x00"])
def test_what_is_no_list_of_positions_is_refused_kindly(browser: Browser, positions: str) -> None:
    token = drawn(browser.get(SIGN_IN), "secret").token
    answer = browser.post(SIGN_IN, {"identifier": ANNE.identifier, "draw": token, "positions": positions})
    assert answer.status_code == 200
    assert answer.context["form"].errors["secret"]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("48151", "Vous en avez tapé 5."),
        ("4815162", "Vous en avez tapé 7."),
        ("48151a", "que des chiffres"),
        ("٤٨١٥١٦", "que des chiffres"),
        ("4" * 300, "trop long"),
    ],
)
def test_a_pin_to_mend_is_not_a_try(browser: Browser, mutual: Caisse, typed: str, why: str) -> None:
    answer = browser.post(SIGN_IN, {"identifier": ANNE.identifier, "secret": typed})
    assert why in said(answer)
    assert failures(mutual) == 0


def test_the_tries_are_counted_down_then_comes_a_wait(browser: Browser, mutual: Caisse, clock: Clock) -> None:
    pages = [
        said(browser.post(SIGN_IN, {"identifier": ANNE.identifier, "secret": WRONG_PIN})) for _ in range(3)
    ]
    assert "Identifiant ou code secret incorrect." in pages[0]
    assert "<strong>2 essais</strong>" in pages[0]
    assert "<strong>1 essai</strong>" in pages[1]
    assert 'Vous pourrez réessayer dans <span aria-live="off">1 minute</span>' in pages[2]
    right = {"identifier": ANNE.identifier, "secret": PIN}
    assert browser.post(SIGN_IN, right).status_code == 200
    clock.move(seconds=61)
    assert browser.post(SIGN_IN, right).status_code == 302
    assert "sign_in.right_secret_while_locked" in events(mutual)


def test_the_pin_is_kept_peppered(mutual: Caisse) -> None:
    """The hash of the PIN alone would give way to a million tries."""
    with tenant_context(mutual):
        assert not user_of(mutual).check_password(PIN)


def test_one_hash_for_somebody_and_for_nobody(browser: Browser, hashes: list[str]) -> None:
    for identifier in (ANNE.identifier, "1999999999"):
        browser.post(SIGN_IN, {"identifier": identifier, "secret": WRONG_PIN})
    assert len(hashes) == 2


def test_spent_displays_are_forgotten_once_they_could_not_serve(
    browser: Browser, mutual: Caisse, clock: Clock
) -> None:
    browser.post(
        SIGN_IN, {"identifier": ANNE.identifier, **pressed(drawn(browser.get(SIGN_IN), "secret"), WRONG_PIN)}
    )
    with tenant_context(mutual):
        forget(tenant=mutual.schema_name)
        assert SpentDraw.objects.count() == 1
        clock.move(minutes=16)
        forget(tenant=mutual.schema_name)
        assert SpentDraw.objects.count() == 0
