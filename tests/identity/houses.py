"""Houses under the policies of the demo, for what protects a sign-in to be tried in each of them."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection as proxy
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from tenant_apps.clients.register_client import register_client
from tenant_apps.identity.counters import clear_account
from tenant_apps.identity.enrol import enrol_known_totp
from tenant_apps.identity.models import TryCounter, User
from tenant_apps.identity.open_account import open_account
from tenant_apps.identity.realms import CLIENTS, STAFF, Realm, rules_of
from tenant_apps.identity.selectors import login_index
from tenants.models import Caisse
from tenants.policy.document import Policy
from tenants.policy.identifiers import format_of
from tenants.selectors import caisse_of_schema
from tests.clock import Clock
from tests.identity.conftest import BrowserAt, Worker
from tests.identity.keypads import KEY, application_shows
from tests.identity.steps import CODE, SIGN_IN, enter_code, publish, queued, sms_codes
from tests.world import ALPHA

STAFF_DOOR = "/agence/connexion/"
TERMS = "/connexion/conditions/"
RIGHT, WRONG = "Un-secret-qui-va-1!", "Pas-le-bon-secret-0!"
NO_CODE = "000000"
# A second that goes on with the real time, and what is drawn for each request.
DRAWN = ("Expires", "X-Request-ID")
_DRAWN_IN_PAGE = re.compile(
    rb'(name="(?:csrfmiddlewaretoken|draw)"\s+value=")[^"]*'
    rb'|(data-position="\d">)\d(?=</button>)'
    # The signature alone, which is of this half-finished sign-in; what it signs is compared.
    rb"|(\?reponse=[\w-]+%3A[\w-]+%3A)[\w-]+"
)


@dataclass(frozen=True)
class House:
    """Someone under a policy of the demo: how the identifier is written in several ways, and the secret."""

    name: str
    writings: tuple[str, ...]
    # As long as the first of them.
    nobody: str
    secret: str = RIGHT
    wrong: str = WRONG
    file: str = ""
    realm: Realm = CLIENTS
    schema: str = ALPHA

    @property
    def door(self) -> str:
        return STAFF_DOOR if self.kind == User.Kind.STAFF else SIGN_IN

    @property
    def host(self) -> str:
        return f"{self.schema}.localhost"

    @property
    def kind(self) -> User.Kind:
        if self.schema != ALPHA:
            return User.Kind.OPERATOR
        return User.Kind.STAFF if self.realm == STAFF else User.Kind.CLIENT


HOUSES = [
    House("nimes", ("1043992099", "10 4399 2099", "10.43.99.20.99"), "1999999999"),
    House("nantes", ("740218906399", "7402 1890 6399"), "740218900000"),
    House("paris", ("P-771299", "p 771299", "P771299"), "P-000000"),
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
        "zac@alpha.example.org",
        file="nimes",
        realm=STAFF,
    ),
    House(
        "gie",
        ("zoe@gie.example.org", " Zoe@GIE.example.org"),
        "zac@gie.example.org",
        realm=STAFF,
        schema="gie",
    ),
]
NAMES = [house.name for house in HOUSES]


@dataclass(frozen=True)
class Seen:
    """All that an answer shows, and what it cost."""

    status: int
    headers: dict[str, str]
    cookies: dict[str, int]
    size: int
    words: bytes
    hashes: int
    queries: int
    messages: int
    jobs: int


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
        return enter_code(self.browser, NO_CODE) if answer.headers.get("Location") == CODE else answer

    def right_code(self) -> str:
        if self.rules.second_factor.methods[0] == "totp":
            return application_shows()
        return sms_codes(self.caisse)[-1]

    @property
    def index(self) -> str:
        return self.index_of(self.house.writings[0])

    def index_of(self, identifier: str) -> str:
        with tenant_context(self.caisse):
            return login_index(realm=self.house.realm, identifier=self.normal(identifier))

    @property
    def counter(self) -> TryCounter | None:
        return self.counter_of(self.house.writings[0])

    def counter_of(self, identifier: str) -> TryCounter | None:
        with tenant_context(self.caisse):
            return TryCounter.objects.filter(scope="account", key=self.index_of(identifier)).first()

    def normal(self, identifier: str) -> str:
        return format_of(self.rules.identifier).normalise(identifier)

    @property
    def failures(self) -> int:
        found = self.counter
        return found.failures if found else 0

    @property
    def most(self) -> int:
        return self.rules.lockout.max_failures

    @property
    def asks_code(self) -> bool:
        return self.rules.second_factor.required

    def open(self, identifier: str, *, number: str, phone: str = "") -> User:
        """An account of somebody of this house."""
        with tenant_context(self.caisse):
            client = None
            if self.house.kind == User.Kind.CLIENT:
                client = register_client(
                    number=number,
                    title="none",
                    first_name="Zoé",
                    last_name="Essai",
                    birth_date=date(1980, 1, 1),
                    email="zoe@example.org",
                    mobile="+33639980077",
                )
            return open_account(
                kind=self.house.kind,
                identifier=self.normal(identifier),
                secret=self.house.secret,
                display_name="Zoé Essai",
                now=self.clock.now,
                client=client,
                phone=phone,
            )

    def reopen(self) -> None:
        """As the agency would."""
        with tenant_context(self.caisse):
            clear_account(key=self.index)

    def come_anew(self) -> None:
        """In a browser that has never been there."""
        self.browser = Browser(SERVER_NAME=self.house.host, HTTP_HOST=self.house.host)

    def enters(self) -> bool:
        """With everything right."""
        self.come_anew()
        return self.enters_here()

    def enters_here(self, **more: str) -> bool:
        """In the browser of before. `more`: what else is said with the code."""
        answer = self.first()
        if answer.headers.get("Location") == CODE:
            answer = self.browser.post(CODE, {"code": self.right_code(), **more})
        return self.lands(answer)

    def lands(self, answer: Any) -> bool:
        if answer.headers.get("Location") == TERMS:
            answer = self.browser.post(TERMS, {"decline": "1"})
        landing: str | None = answer.headers.get("Location")
        return landing == ("/agence/" if self.house.kind == User.Kind.STAFF else "/")

    def seen(self, act: Callable[[], Any], hashes: list[str], *, identifier: str) -> Seen:
        """What this act is answered, and what it costs. The identifier is taken out of the words."""
        before = len(hashes), queued(self.caisse), len(self.worker.asked)
        with CaptureQueriesContext(proxy) as queries:
            answer = act()
        return Seen(
            status=answer.status_code,
            headers={name: value for name, value in answer.headers.items() if name not in DRAWN},
            cookies={name: len(morsel.OutputString()) for name, morsel in answer.cookies.items()},
            size=len(answer.content),
            words=_DRAWN_IN_PAGE.sub(rb"\1\2\3", answer.content).replace(identifier.encode(), b"IDENTIFIER"),
            hashes=len(hashes) - before[0],
            queries=len(queries),
            messages=queued(self.caisse) - before[1],
            jobs=len(self.worker.asked) - before[2],
        )


def opened(house: House, *, browser_at: BrowserAt, worker: Worker, clock: Clock) -> At:
    """With the rules of its file, and with somebody who has all that they ask for."""
    caisse = caisse_of_schema(schema=house.schema)
    path = Path(settings.FIXTURES) / "caisses" / f"{house.file or house.name}.toml"
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    own = {key: value for key, value in document["caisse"].items() if key == "body"}
    publish(caisse, {**document, "caisse": own}, instead_of="identifier")
    with tenant_context(caisse):
        rules = rules_of(house.realm)
    at = At(house, caisse, rules, browser_at(house.host), worker, clock)
    by_sms = "sms" in rules.second_factor.methods
    person = at.open(house.writings[0], number="Z-1", phone="+33639980077" if by_sms else "")
    if "totp" in rules.second_factor.methods:
        with tenant_context(caisse):
            enrol_known_totp(user=person, key=KEY, now=clock.now)
    return at
