"""Each person that the demo prints gets in with what it prints."""

import pytest
from playwright.sync_api import expect

from tenant_apps.demo.accounts import demo_accounts
from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.visitor import Person, sign_in

pytestmark = pytest.mark.browser

PEOPLE = [
    Person(row["caisse"], row["identifier"], row["secret"], row["name"].split()[-1])
    for row in demo_accounts()
    # Staff have a door of their own.
    if row["kind"] != "staff"
]


@pytest.mark.parametrize("person", PEOPLE, ids=[f"{each.caisse}-{each.greeting}" for each in PEOPLE])
def test_a_printed_account_signs_in(visit: Visit, site: Site, person: Person) -> None:
    page = visit(width=360, javascript=False)
    sign_in(page, site, person)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if person.caisse != "gie":
        expect(page.get_by_role("heading", level=1)).to_contain_text(person.greeting)
