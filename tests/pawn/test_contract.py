"""One contract in detail, and the photos of what was pledged."""

import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.pawn.models import Contract, PledgedObject
from tenants.models import Caisse
from tests.identity.steps import publish
from tests.pawn.pledges import in_days, neighbour, pledge, words
from tests.world import PICTURE

LIST = "/contrats/"


def photo_of(contract: Contract) -> str:
    return f"{LIST}objets/{contract.objects_pledged.get().uuid}/photo"


@pytest.fixture
def world(alpha: Caisse) -> Contract:
    """The contract that Anne has had from the start, with a photo."""
    with tenant_context(alpha):
        return Contract.objects.get()


def test_a_contract_shows_its_sums_dates_and_objects(bare: Caisse, anne: Browser) -> None:
    contract = pledge(
        bare,
        "2026-0042",
        due_in=200,
        objects=("Une bague", "Une montre"),
        amount_lent=Money.of(1234),
        amount_due=Money.of("1259.50"),
        kept_at="Nîmes",
    )
    page = words(anne.get(f"{LIST}{contract.uuid}/"))
    for text in (
        "2026-0042",
        "1 234,00 €",
        "1 259,50<small> €",
        "Une bague",
        "Une montre",
        "Nîmes",
        "150,00 €",
    ):
        assert text in page
    assert f"{in_days(200).year}" in page


def test_a_contract_with_nothing_due_says_so(bare: Caisse, anne: Browser) -> None:
    contract = pledge(bare, "1", due_in=-90, state="redeemed", amount_due=Money.of(0))
    page = words(anne.get(f"{LIST}{contract.uuid}/"))
    assert "Rien à payer" in page
    assert "Et ensuite" not in page


@pytest.mark.parametrize(
    ("due_in", "state", "steps"),
    [
        (200, "running", "next later later"),
        (5, "running", "next later later"),
        (0, "running", "next later later"),
        (-1, "running", "passed next later"),
        (-1, "due", "passed next later"),
        (-30, "in_grace", "passed next later"),
        (-60, "for_sale", "passed next"),
        # Asked for by the client, before the term: nothing that has not passed is said to have passed.
        (3, "for_sale", "next"),
    ],
)
def test_one_step_comes_next(bare: Caisse, anne: Browser, due_in: int, state: str, steps: str) -> None:
    contract = pledge(bare, "1", due_in=due_in, state=state)
    answer = anne.get(f"{LIST}{contract.uuid}/")
    assert [each.is_next for each in answer.context["steps"]] == [each == "next" for each in steps.split()]
    assert words(answer).count('aria-current="step"') == 1


def test_a_sale_without_its_day_is_said_to_come_by_post(bare: Caisse, anne: Browser) -> None:
    contract = pledge(bare, "1", due_in=-60, state="for_sale")
    assert "sa date vous est donnée par courrier" in words(anne.get(f"{LIST}{contract.uuid}/"))


def test_another_clients_contract_is_answered_like_one_that_is_not_there(
    alpha: Caisse, beta: Caisse, anne: Browser
) -> None:
    """Of the same caisse, of the other one, and of nobody."""
    theirs = pledge(alpha, "theirs", client=neighbour(alpha))
    far = pledge(beta, "far")
    pages = set()
    for unknown in (theirs.uuid, far.uuid, uuid.uuid4()):
        answer = anne.get(f"{LIST}{unknown}/")
        assert answer.status_code == 404
        pages.add(words(answer).replace(str(unknown), "").partition("csrfmiddlewaretoken")[0])
    assert len(pages) == 1


@pytest.mark.parametrize(
    "garbage",
    ["1", "x", "0" * 36, "%00", "..", "a-b-c-d-e", "é", "3F2504E0-4F89-41D3-9A0C-0305E82C3301", "' OR 1=1"],
)
def test_what_is_no_id_is_not_found(anne: Browser, garbage: str) -> None:
    for url in (f"{LIST}{garbage}/", f"{LIST}objets/{garbage}/photo"):
        assert anne.get(url).status_code == 404


def test_a_photo_is_served_to_its_owner_as_a_picture(alpha: Caisse, anne: Browser, world: Contract) -> None:
    with tenant_context(alpha):
        url = photo_of(world)
    answer = anne.get(url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.content == PICTURE + b"alpha"
    assert url in words(anne.get(f"{LIST}{world.uuid}/"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.png", "image/png"), ("a.JPG", "image/jpeg"), ("a.jpeg", "image/jpeg"), ("a.webp", "image/webp")],
)
def test_a_photo_is_served_as_what_it_is(
    alpha: Caisse, anne: Browser, world: Contract, name: str, kind: str
) -> None:
    with tenant_context(alpha):
        world.objects_pledged.get().photo.save(name, ContentFile(PICTURE))
        url = photo_of(world)
    assert anne.get(url).headers["Content-Type"] == kind


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.pdf", "a"])
def test_what_is_no_picture_is_not_served(alpha: Caisse, anne: Browser, world: Contract, name: str) -> None:
    with tenant_context(alpha):
        world.objects_pledged.get().photo.save(name, ContentFile(b"<svg onload='alert(1)'/>"))
        url = photo_of(world)
    assert anne.get(url).status_code == 404


def test_a_photo_whose_file_is_lost_is_not_found(alpha: Caisse, anne: Browser, world: Contract) -> None:
    with tenant_context(alpha):
        PledgedObject.objects.update(photo="objects/perdue.png")
        url = photo_of(world)
    assert anne.get(url).status_code == 404


def test_an_object_without_a_photo_has_no_address_for_one(bare: Caisse, anne: Browser) -> None:
    contract = pledge(bare, "1")
    with tenant_context(bare):
        url = photo_of(contract)
    assert anne.get(url).status_code == 404
    assert url not in words(anne.get(f"{LIST}{contract.uuid}/"))


def test_a_photo_is_nobody_elses(alpha: Caisse, beta: Caisse, anne: Browser) -> None:
    theirs = pledge(alpha, "theirs", client=neighbour(alpha))
    for caisse, contract in ((alpha, theirs), (beta, None)):
        with tenant_context(caisse):
            found = contract or Contract.objects.get()
            pledged = found.objects_pledged.get()
            pledged.photo.save(f"{pledged.uuid}.png", ContentFile(PICTURE))
            url = photo_of(found)
        assert anne.get(url).status_code == 404


def test_without_the_product_neither_contract_nor_photo_is_there(
    alpha: Caisse, anne: Browser, world: Contract
) -> None:
    with tenant_context(alpha):
        urls = [f"{LIST}{world.uuid}/", photo_of(world)]
    publish(alpha, {"products": []})
    assert [anne.get(url).status_code for url in urls] == [404, 404]


def test_the_photo_stands_under_a_name_that_says_nothing(
    alpha: Caisse, world: Contract, tmp_path: Path
) -> None:
    with tenant_context(alpha):
        photo = world.objects_pledged.get().photo
        assert "bague" not in str(photo.path).lower()
        assert str(alpha.uuid) in photo.path
