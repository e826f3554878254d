"""The master key is replaced while people sign in: nobody is shut out, and nothing tells known from unknown."""

import os
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guichet.tenancy.signing import keyring
from tenant_apps.identity.enrol import enrol_known_totp, enrol_pin
from tenant_apps.identity.models import PinDevice, TotpDevice, TryCounter, User
from tenant_apps.identity.passkeys import handle_of
from tenant_apps.identity.pin_hashes import hash_pin, needs_new_pepper, pin_matches
from tenant_apps.identity.recovery_codes import make_codes, use_code
from tenant_apps.identity.selectors import login_index, user_of_index
from tenant_apps.identity.sign_in import attempt_sign_in
from tenant_apps.identity.standing import standing_of
from tenant_apps.journal.models import Seal
from tenant_apps.journal.seal_journal import seal_journal
from tenant_apps.messaging.models import Message
from tenants.keys.registry import sealed_columns
from tenants.keys.rotate_keys import rotate_keys, standing
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tenants.policy.secrets import read_secret, set_secret
from tests.world import ANNE

NEW = os.urandom(32)
UNKNOWN = "9999999999"
Keys = Callable[..., None]


@pytest.fixture
def keys(settings: Any) -> Keys:
    """Which keys the processes have from now on: the one that seals, then those that open."""
    first = settings.MASTER_KEY

    def are(stage: str) -> None:
        settings.MASTER_KEY, settings.NEXT_MASTER_KEY, settings.PREVIOUS_MASTER_KEYS = {
            "before": (first, (), ()),
            "announced": (first, (NEW,), ()),
            "replaced": (NEW, (), (first,)),
            "dropped": (NEW, (), ()),
        }[stage]

    return are


def attempt(identifier: str = ANNE.identifier, secret: str = ANNE.secret) -> Any:
    return attempt_sign_in(
        identifier=identifier, secret=secret, policy=current_policy(), address="192.0.2.1", now=timezone.now()
    )


def rotate() -> Any:
    return rotate_keys(now=timezone.now(), progress=lambda *_: None)


def anne() -> User:
    return User.objects.get(client_id=1)


def everything() -> None:
    """One value in each sealed column."""
    enrol_known_totp(user=anne(), key="A" * 32, now=timezone.now())
    set_secret(name="sms.token", value="jeton", by="test", at=timezone.now())
    Message.objects.create(
        kind="x", channel="sms", secret=False, sealed=keyring().seal("{}", purpose="message")
    )


def test_every_sealed_column_is_brought_under_the_new_key_and_the_old_one_can_go(
    in_alpha: Caisse, keys: Keys
) -> None:
    everything()
    keys("replaced")
    before = standing(now=timezone.now())
    assert {label for label, count in before.left.items() if count} >= {
        column.label for column in sealed_columns() if column.rows.exists()
    }
    rotate()
    after = standing(now=timezone.now())
    assert after.done
    assert after.until > timezone.now()
    assert rotate().moved == dict.fromkeys(after.left, 0)

    keys("dropped")
    assert user_of_index(index=login_index(realm="client", identifier=ANNE.identifier)) == anne()
    assert keyring().open(anne().identifier_sealed, purpose="identifier") == ANNE.identifier
    assert keyring().open(TotpDevice.objects.get().key_sealed, purpose=f"totp-key:{anne().pk}") == "A" * 32
    assert read_secret(name="sms.token") == "jeton"
    assert attempt().user == anne()


def test_people_sign_in_while_processes_have_different_keys(in_alpha: Caisse, keys: Keys) -> None:
    for stage in ("announced", "replaced", "announced", "replaced"):
        keys(stage)
        assert attempt().user == anne()
    rotate()
    for stage in ("announced", "replaced", "dropped"):
        keys(stage)
        assert attempt().user == anne()


def test_known_and_unknown_cost_the_same_while_the_key_changes(in_alpha: Caisse, keys: Keys) -> None:
    keys("replaced")
    # The policy is kept by the process once it was read.
    current_policy()
    counts = []
    for identifier in (ANNE.identifier, UNKNOWN) * 2:
        with CaptureQueriesContext(connection) as queries:
            attempt(identifier, "faux")
        counts.append(len(queries))
    assert len(set(counts)) == 1


@pytest.mark.parametrize("identifier", [ANNE.identifier, UNKNOWN])
def test_a_new_key_gives_nobody_new_tries(in_alpha: Caisse, keys: Keys, identifier: str) -> None:
    policy = current_policy()
    for _ in range(policy.lockout.max_failures - 1):
        assert not attempt(identifier, "faux").closed
    keys("replaced")
    assert attempt(identifier, "faux").closed
    assert TryCounter.objects.filter(scope="account").count() == 1
    if identifier == ANNE.identifier:
        assert standing_of(user=anne(), now=timezone.now()).locked
        rotate()
        assert standing_of(user=anne(), now=timezone.now()).locked
    assert attempt(identifier, "faux").closed


def test_counters_that_processes_with_different_keys_made_are_one_again(in_alpha: Caisse, keys: Keys) -> None:
    attempt(secret="faux")
    old = TryCounter.objects.get(scope="account")
    keys("replaced")
    newer = keyring().digest(f"client:{ANNE.identifier}", purpose="login-index")
    TryCounter.objects.create(scope="account", key=newer, failures=0, agency_only=True)
    TryCounter.objects.filter(pk=old.pk).update(failures=3)
    assert attempt(secret="faux").agency_only
    assert TryCounter.objects.get(scope="account").failures >= 3


def test_a_pin_keeps_its_pepper_until_it_is_typed(in_alpha: Caisse, keys: Keys) -> None:
    device = enrol_pin(user=anne(), pin="481902", first=False, now=timezone.now())
    unmarked = hash_pin("481902").partition("$")[2]
    PinDevice.objects.update(pin_hash=unmarked)
    keys("announced")
    assert pin_matches("481902", unmarked)
    keys("replaced")
    waiting = standing(now=timezone.now()).waiting
    assert sum(waiting.values()) == 1
    device.refresh_from_db()
    assert not device.verify_token("481903")
    assert device.verify_token("481902")
    assert sum(standing(now=timezone.now()).waiting.values()) == 0
    keys("dropped")
    device.refresh_from_db()
    assert device.verify_token("481902")
    assert not pin_matches("481902", "00000000$" + unmarked)


def test_a_first_step_by_pin_is_hashed_anew_and_costs_the_same_for_nobody(
    in_alpha: Caisse, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = current_policy()
    pin = policy.model_copy(update={"secret": policy.secret.model_copy(update={"kind": "pin"})})
    User.objects.filter(pk=anne().pk).update(password=hash_pin("481902"))
    keys("replaced")
    counts = []
    for identifier, typed in ((ANNE.identifier, "111111"), (UNKNOWN, "111111")):
        with CaptureQueriesContext(connection) as queries:
            attempt_sign_in(
                identifier=identifier, secret=typed, policy=pin, address="192.0.2.1", now=timezone.now()
            )
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert needs_new_pepper(anne().password)
    found = attempt_sign_in(
        identifier=ANNE.identifier, secret="481902", policy=pin, address="192.0.2.1", now=timezone.now()
    )
    assert found.user == anne()
    assert not needs_new_pepper(anne().password)
    assert found.user.get_session_auth_hash() == anne().get_session_auth_hash()


def test_a_code_on_paper_serves_while_the_old_key_is_there_and_is_counted(
    in_alpha: Caisse, keys: Keys
) -> None:
    policy = current_policy()
    factor = policy.second_factor.model_copy(update={"recovery_codes": 3})
    seal_journal(now=timezone.now(), always=True)
    one, two, _ = make_codes(
        user=anne(), policy=policy.model_copy(update={"second_factor": factor}), now=timezone.now()
    )
    keys("replaced")
    assert use_code(user=anne(), typed=one, now=timezone.now())
    rotate()
    assert sum(standing(now=timezone.now()).waiting.values()) == 2
    keys("dropped")
    assert not use_code(user=anne(), typed=two, now=timezone.now())


def test_what_an_authenticator_keeps_of_a_person_outlives_the_key(in_alpha: Caisse, keys: Keys) -> None:
    before = handle_of(anne())
    keys("dropped")
    assert handle_of(anne()) == before


def test_a_value_that_no_key_opens_is_told_and_stays(in_alpha: Caisse, keys: Keys) -> None:
    broken = Message.objects.create(kind="x", channel="sms", secret=False, sealed=b"\x01" + bytes(40))
    keys("replaced")
    assert rotate().broken == {"messaging.Message.sealed": [broken.pk]}
    assert not standing(now=timezone.now()).done


def test_the_last_seal_of_the_journal_is_under_the_new_key(in_alpha: Caisse, keys: Keys) -> None:
    keys("replaced")
    rotate()
    assert Seal.objects.latest("number").key == keyring().mark


def test_the_command_says_when_the_old_key_may_go(committed: None, keys: Keys, settings: Any) -> None:
    keys("replaced")
    with pytest.raises(CommandError, match="gardez les anciennes clés"):
        call_command("keys", "status", stdout=StringIO())
    try:
        out = StringIO()
        call_command("keys", "rotate", stdout=out)
        assert "tout est sous la clé maîtresse" in out.getvalue()
        assert "gardez la clé précédente jusque-là" in out.getvalue()
    finally:
        # Back under the key of the tests.
        keys("before")
        settings.PREVIOUS_MASTER_KEYS = (NEW,)
        call_command("keys", "rotate", stdout=StringIO())


def test_a_browser_keeps_its_csrf_cookie_over_the_change(alpha: Caisse, keys: Keys) -> None:
    browser = Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host, enforce_csrf_checks=True)
    page = browser.get("/connexion/")
    token = page.context["csrf_token"]
    keys("replaced")
    posted = {"identifier": UNKNOWN, "password": "x", "csrfmiddlewaretoken": str(token)}
    assert browser.post("/connexion/", posted).status_code != 403
    browser.get("/connexion/")
    keys("dropped")
    assert browser.post("/connexion/", posted).status_code != 403
