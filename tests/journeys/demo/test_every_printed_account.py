"""Each person that the demo prints gets in with what it prints."""

import pytest
from playwright.sync_api import expect

from tenant_apps.demo.accounts import demo_accounts
from tests.journeys.conftest import Visit
from tests.journeys.demo.behaviours.people import is_met_here
from tests.journeys.site import Site
from tests.journeys.visitor import Person, sign_in

pytestmark = pytest.mark.browser

PEOPLE = [
    Person(
        row["caisse"],
        row["identifier"],
        row["secret"],
        row["name"].split()[-1],
        kind=row["kind"],
        totp_key=row["totp_key"],
    )
    for row in demo_accounts()
    # Who awaits a first connection, or loses a secret, has a journey of their own.
    if row["secret"] and not is_met_here(caisse=row["caisse"], identifier=row["identifier"])
]


@pytest.mark.slow
@pytest.mark.parametrize("person", PEOPLE, ids=[f"{each.caisse}-{each.greeting}" for each in PEOPLE])
def test_a_printed_account_signs_in(visit: Visit, site: Site, person: Person) -> None:
    page = visit(width=360, javascript=False)
    sign_in(page, site, person)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if person.kind == "client":
        expect(page.get_by_role("heading", level=1)).to_contain_text(person.greeting)
