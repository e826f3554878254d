"""What protects a sign-in, once per policy of the demo: the cases that Keycloak's own suite has for brute force."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.register_client import register_client
from tenant_apps.identity.counters import clear_account, count_address_try
from tenant_apps.identity.enrol import enrol_known_totp
from tenant_apps.identity.models import TryCounter, User
from tenant_apps.identity.open_account import open_account
from tenant_apps.identity.realms import CLIENTS, STAFF, Realm, rules_of
from tenant_apps.identity.selectors import login_index
from tenant_apps.identity.sources import address_key
from tenants.models import Caisse
from tenants.policy.document import Policy
from tenants.policy.identifiers import format_of
from tests.clock import Clock
from tests.identity.conftest import BrowserAt, Worker
from tests.identity.keypads import KEY, application_shows
from tests.identity.steps import CODE, SIGN_IN, enter_code, events, hidden, publish, said, sms_codes
from tests.world import ANNE

STAFF_DOOR = "/agence/connexion/"
TERMS = "/connexion/conditions/"


@dataclass(frozen=True)
class House:
    """Someone under a policy of the demo: how the identifier is written in several ways, and the secret."""

    name: str
    writings: tuple[str, ...]
    nobody: str
    secret: str
    wrong: str
    file: str = ""
    realm: Realm = CLIENTS

    @property
    def door(self) -> str:
        return STAFF_DOOR if self.realm == STAFF else SIGN_IN


RIGHT, WRONG = "Un-secret-qui-va-1!", "Pas-le-bon-secret-0!"
HOUSES = [
    House("nimes", ("1043992099", "10 4399 2099", "10.43.99.20.99"), "1999999999", RIGHT, WRONG),
    House("nantes", ("740218906399", "7402 1890 6399"), "740218900000", RIGHT, WRONG),
    House("paris", ("P-771299", "p 771299", "P771299"), "P-000000", RIGHT, WRONG),
    House(
        "cpms",
        ("2580399912017", "2 58 03 99 912 017", "258039991201736"),
        "1710699908044",
        "481516",
        "962372",
    ),
    House(
        "staff",
        ("zoe@alpha.example.org", " Zoe@ALPHA.example.org"),
        "nobody@alpha.example.org",
        RIGHT,
        WRONG,
        file="nimes",
        realm=STAFF,
    ),
]


@dataclass
class At:
    """The house, open for a test."""

    house: House
    caisse: Caisse
    rules: Policy
    browser: Browser
    worker: Worker
    clock: Clock

    def first(self, *, identifier: str | None = None, secret: str | None = None) -> Any:
        typed = {
            "identifier": identifier or self.house.writings[0],
            "secret": self.house.secret if secret is None else secret,
        }
        answer = self.browser.post(self.house.door, typed)
        self.worker.run()
        return answer

    def fails(self, times: int, **typed: str) -> Any:
        """Sign-ins with a wrong secret; where the second step is blind, each goes on to a wrong code."""
        return [self._fails(**{"secret": self.house.wrong, **typed}) for _ in range(times)][-1]

    def _fails(self, **typed: str) -> Any:
        answer = self.first(**typed)
        return enter_code(self.browser, "000000") if answer.headers.get("Location") == CODE else answer

    def right_code(self) -> str:
        if self.rules.second_factor.methods[0] == "totp":
            return application_shows()
        return sms_codes(self.caisse)[-1]

    @property
    def counter(self) -> TryCounter | None:
        return self.counter_of(self.house.writings[0])

    def counter_of(self, identifier: str) -> TryCounter | None:
        with tenant_context(self.caisse):
            index = login_index(realm=self.house.realm, identifier=self.normal(identifier))
            return TryCounter.objects.filter(scope="account", key=index).first()

    def normal(self, identifier: str) -> str:
        return format_of(self.rules.identifier).normalise(identifier)

    @property
    def failures(self) -> int:
        found = self.counter
        return found.failures if found else 0

    @property
    def most(self) -> int:
        return self.rules.lockout.max_failures

    def enters(self) -> bool:
        """With everything right."""
        self.browser = Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host)
        answer = self.first()
        if answer.headers.get("Location") == CODE:
            answer = enter_code(self.browser, self.right_code())
        if answer.headers.get("Location") == TERMS:
            answer = self.browser.post(TERMS, {"decline": "1"})
        landing: str | None = answer.headers.get("Location")
        return landing == ("/agence/" if self.house.realm == STAFF else "/")


@pytest.fixture(params=HOUSES, ids=[house.name for house in HOUSES])
def at(
    request: pytest.FixtureRequest, alpha: Caisse, browser_at: BrowserAt, worker: Worker, clock: Clock
) -> At:
    house: House = request.param
    path = Path(settings.FIXTURES) / "caisses" / f"{house.file or house.name}.toml"
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    own = {key: value for key, value in document["caisse"].items() if key == "body"}
    publish(alpha, {**document, "caisse": own}, instead_of="identifier")
    with tenant_context(alpha):
        rules = rules_of(house.realm)
        person = _open(house, rules, clock)
        if "totp" in rules.second_factor.methods:
            enrol_known_totp(user=person, key=KEY, now=clock.now)
    return At(house, alpha, rules, browser_at(ANNE.host), worker, clock)


def _open(house: House, rules: Policy, clock: Clock) -> User:
    client = None
    if house.realm == CLIENTS:
        client = register_client(
            number="Z-1",
            title="none",
            first_name="Zoé",
            last_name="Essai",
            birth_date=date(1980, 1, 1),
            email="zoe@example.org",
            mobile="+33639980077",
        )
    return open_account(
        kind=User.Kind.CLIENT if client else User.Kind.STAFF,
        identifier=format_of(rules.identifier).normalise(house.writings[0]),
        secret=house.secret,
        display_name="Zoé Essai",
        now=clock.now,
        client=client,
        phone="+33639980077" if "sms" in rules.second_factor.methods else "",
    )


def test_everything_right_opens(at: At) -> None:
    assert at.enters()
    assert at.failures == 0
    assert [each for each in events(at.caisse) if not each.startswith("terms.")][-1] == "sign_in.done"


def test_a_wrong_and_a_missing_secret_count(at: At) -> None:
    at.fails(1)
    assert at.failures == 1
    missing = at.first(secret="")
    assert missing.status_code == 200
    assert at.failures == 2


def test_a_wrong_and_a_missing_code_count(at: At) -> None:
    if not at.rules.second_factor.required:
        assert at.first().headers["Location"] == (TERMS if at.rules.terms.version else "/")
        return
    at.first()
    enter_code(at.browser, "000000")
    # Where the step is blind, its first step has counted for the first code as well: one sign-in, one failure.
    assert at.failures == 1
    assert enter_code(at.browser, "").status_code == 200
    assert at.failures == 2


def test_every_writing_of_an_identifier_is_one_counter(at: At) -> None:
    for writing in at.house.writings:
        at.fails(1, identifier=writing)
    assert at.failures == len(at.house.writings)
    with tenant_context(at.caisse):
        assert TryCounter.objects.filter(scope="account").count() == 1


def test_while_closed_everything_right_is_answered_like_wrong_and_journalled_apart(at: At) -> None:
    at.fails(at.most)
    wrong = at.fails(1)
    right = at.first()
    assert said(right).count("alert") == said(wrong).count("alert")
    assert right.status_code == wrong.status_code == 200
    assert "sign_in.right_secret_while_locked" in events(at.caisse)
    assert "sign_in.done" not in events(at.caisse)
    assert not at.enters()


def test_tries_while_closed_extend_nothing(at: At) -> None:
    at.fails(at.most)
    before = at.counter
    at.fails(3)
    after = at.counter
    assert before is not None
    assert after is not None
    assert (after.locked_until, after.agency_only, after.failures) == (
        before.locked_until,
        before.agency_only,
        before.failures,
    )


def test_it_opens_again_as_the_policy_says(at: At) -> None:
    page = said(at.fails(at.most))
    lockout = at.rules.lockout
    if lockout.until_agency:
        assert "Cet accès est fermé" in page
        at.clock.move(days=400)
        assert not at.enters()
        with tenant_context(at.caisse):
            clear_account(key=login_index(realm=at.house.realm, identifier=at.normal(at.house.writings[0])))
    else:
        assert "Vous pourrez réessayer dans" in page
        assert lockout.wait is not None
        at.clock.move(seconds=lockout.wait.total_seconds() - 1)
        assert not at.enters()
        at.clock.move(seconds=1)
    assert at.enters()


def test_the_block_is_announced_before_it_happens(at: At) -> None:
    page = said(at.fails(at.most - 1))
    assert "Il vous reste <strong>1 essai" in page
    if at.rules.lockout.until_agency:
        assert "seule votre agence" in said(at.browser.get(at.house.door))


def test_an_unknown_identifier_is_closed_alike_and_blocks_nobody_later(at: At) -> None:
    known = at.fails(at.most)
    unknown = at.fails(at.most, identifier=at.house.nobody)
    assert said(unknown).replace(at.house.nobody, "") != ""
    assert len(said(known)) - len(at.house.writings[0]) == len(said(unknown)) - len(at.house.nobody)
    phantom = at.counter_of(at.house.nobody)
    assert phantom is not None
    assert phantom.failures == at.most
    with tenant_context(at.caisse):
        client = None
        if at.house.realm == CLIENTS:
            client = register_client(
                number="Z-2",
                title="none",
                first_name="N",
                last_name="N",
                birth_date=None,
                email="",
                mobile="",
            )
        open_account(
            kind=User.Kind.CLIENT if client else User.Kind.STAFF,
            identifier=at.normal(at.house.nobody),
            secret=at.house.secret,
            display_name="N",
            now=at.clock.now,
            client=client,
        )
    assert at.first(identifier=at.house.nobody).status_code == 302


def test_a_whole_sign_in_forgets_the_failures_before_it(at: At) -> None:
    at.fails(at.most - 2)
    assert at.enters()
    assert at.failures == 0
    at.browser = Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host)
    page = said(at.fails(1))
    assert f"<strong>{at.most - 1} essai" in page


def test_a_day_s_total_leaves_the_door_to_the_agency(at: At) -> None:
    lockout = at.rules.lockout
    at.clock.set_to(at.clock.now.replace(hour=1, minute=0))
    while not ((found := at.counter) and found.agency_only):
        assert found is None or found.day_total < lockout.daily_total
        at.fails(1)
        at.clock.move(seconds=lockout.wait.total_seconds() if lockout.wait and at.failures == at.most else 0)
    assert found.day_total == (at.most if lockout.until_agency else lockout.daily_total)
    assert not at.enters()


def test_waits_grow_as_the_policy_says_and_a_whole_sign_in_forgets_the_growth(at: At) -> None:
    lockout = at.rules.lockout
    if lockout.wait is None:
        assert lockout.until_agency
        return
    at.clock.set_to(at.clock.now.replace(hour=1, minute=0))
    for expected in (lockout.wait, min(lockout.wait * lockout.wait_growth, lockout.longest_wait)):
        at.fails(at.most)
        found = at.counter
        assert found is not None
        assert found.locked_until == at.clock.now + expected
        # Nothing that is tried meanwhile makes it longer, right or wrong.
        at.fails(1)
        assert not at.enters()
        after = at.counter
        assert after is not None
        assert (after.locked_until, after.locks) == (found.locked_until, found.locks)
        at.clock.move(seconds=expected.total_seconds())
    assert at.enters()
    at.browser = Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host)
    at.fails(at.most)
    assert (found := at.counter)
    assert found.locked_until == at.clock.now + lockout.wait


def test_an_unknown_identifier_waits_as_long_at_each_lock(at: At) -> None:
    wait = at.rules.lockout.wait
    if wait is None:
        assert at.rules.lockout.until_agency
        return
    at.clock.set_to(at.clock.now.replace(hour=1, minute=0))
    for lock in (0, 1):
        for identifier in (at.house.writings[0], at.house.nobody):
            at.fails(at.most, identifier=identifier)
        known, phantom = at.counter, at.counter_of(at.house.nobody)
        assert known is not None
        assert phantom is not None
        assert (known.locked_until, known.locks) == (phantom.locked_until, phantom.locks)
        assert known.locks == lock + 1
        assert known.locked_until is not None
        at.clock.move(seconds=(known.locked_until - at.clock.now).total_seconds())


def test_the_agency_forgets_the_growth_too(at: At) -> None:
    at.fails(at.most)
    with tenant_context(at.caisse):
        clear_account(key=login_index(realm=at.house.realm, identifier=at.normal(at.house.writings[0])))
    assert (found := at.counter)
    assert (found.locks, found.locked_until, found.agency_only) == (0, None, False)
    assert at.enters()


def test_a_try_of_a_suspicious_address_waits_for_its_work_in_every_house(at: At) -> None:
    for _ in range(at.rules.lockout.robots_after):
        with tenant_context(at.caisse):
            count_address_try(
                key=address_key(address="127.0.0.1"), policy=at.rules, now=at.clock.now, proven=False
            )
    asked = at.first()
    assert "pas un robot" in said(asked)
    assert at.failures == 0
    assert "sign_in.done" not in events(at.caisse)
    at.clock.move(seconds=at.rules.lockout.robots_wait.total_seconds())
    answer = at.browser.post(at.house.door, {"travail": hidden(asked, "travail"), "reponse": ""})
    assert answer.status_code == 302
