"""The photo of a pledged object at the counter: given, replaced, taken away, and shown to two kinds of people alone."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client as Browser
from django_tenants.utils import tenant_context
from PIL import Image

from guichet.web import uploads
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.possible import WhyNot
from tenant_apps.pawn.models import Contract, PledgedObject
from tenant_apps.pawn.services import keep_photo as service
from tenant_apps.pawn.services.errors import NotPossibleError
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import journal, posted, words
from tests.desk.test_contracts import LOAN, THING, at_work, contract, form_of, opening, send
from tests.identity.steps import publish
from tests.pawn.loans.lending import BY, START, noon
from tests.pawn.photos import MAKER, sent, taken_outside
from tests.pawn.pledges import enter
from tests.world import ANNE, BRUNO

__all__ = ["at_work", "contract"]

BrowserAt = Callable[[str], Browser]


def pledged(alpha: Caisse, contract: Contract) -> PledgedObject:
    with tenant_context(alpha):
        return PledgedObject.objects.select_related("contract").get(contract_id=contract.pk)


def page(found: PledgedObject) -> str:
    return f"/agence/objets/{found.uuid}/photo/changer/"


def at_desk(found: PledgedObject) -> str:
    return f"/agence/objets/{found.uuid}/photo"


def at_home(found: PledgedObject) -> str:
    return f"/contrats/objets/{found.uuid}/photo"


@pytest.fixture
def in_browsers(alpha: Caisse, beta: Caisse, browser_at: BrowserAt) -> tuple[Browser, Browser]:
    """A client of each caisse, signed in."""
    return enter(browser_at(ANNE.host), alpha), enter(browser_at(BRUNO.host), beta)


def give(desk: Browser, found: PledgedObject, data: bytes) -> Any:
    return desk.post(page(found), {"photo": sent(data)}, follow=True)


def files_of(alpha: Caisse) -> set[str]:
    with tenant_context(alpha):
        return {each.name for each in Path(default_storage.path("objects")).glob("*")}


def test_a_photo_is_given_replaced_and_taken_away_with_its_file_and_each_time_the_journal(
    alpha: Caisse, desk: Browser, contract: Contract, django_capture_on_commit_callbacks: Any
) -> None:
    def files_after(typed: dict[str, Any], said: str) -> set[str]:
        with django_capture_on_commit_callbacks() as callbacks:
            assert said in words(desk.post(page(found), typed, follow=True))
        with tenant_context(alpha):
            for each in callbacks:
                each()
        return files_of(alpha) - before

    found, before = pledged(alpha, contract), files_of(alpha)
    first = files_after({"photo": sent(taken_outside())}, "La photo est enregistrée")
    second = files_after({"photo": sent(taken_outside(colour="silver"))}, "La photo est enregistrée")
    assert (len(first), len(second)) == (1, 1)
    assert second != first
    assert not files_after({"retirer": "1"}, "La photo est retirée")
    for kind in ("pawn.photo_added", "pawn.photo_replaced", "pawn.photo_removed"):
        (event,) = journal(alpha, kind)
        assert event.details["object"] == str(found.uuid)
        assert "by" in event.details


def test_the_same_photo_again_and_a_second_removal_write_nothing(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    found = pledged(alpha, contract)
    for _ in range(2):
        give(desk, found, taken_outside())
    for _ in range(2):
        posted(desk, page(found), {"retirer": "1"})
    kinds = ("pawn.photo_added", "pawn.photo_replaced", "pawn.photo_removed")
    assert [len(journal(alpha, kind)) for kind in kinds] == [1, 0, 1]


def test_what_is_shown_has_nothing_of_what_the_telephone_noted(
    alpha: Caisse, desk: Browser, contract: Contract, browser_at: BrowserAt
) -> None:
    found = pledged(alpha, contract)
    give(desk, found, taken_outside())
    anne = enter(browser_at(ANNE.host), alpha)
    for answer in (desk.get(at_desk(found)), anne.get(at_home(found))):
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert MAKER.encode() not in answer.content
        with Image.open(BytesIO(answer.content)) as shown:
            assert shown.size == (200, 400)


def test_nobody_else_sees_a_photo_or_changes_it(
    desk: Browser,
    other_desk: Browser,
    contract: Contract,
    alpha: Caisse,
    in_browsers: tuple[Browser, Browser],
) -> None:
    found = pledged(alpha, contract)
    give(desk, found, taken_outside())
    anne, bruno = in_browsers
    seen = (other_desk.get(at_desk(found)), other_desk.get(page(found)), bruno.get(at_home(found)))
    assert [each.status_code for each in seen] == [404, 404, 404]
    assert anne.get(at_desk(found)).status_code == 404
    assert anne.post(page(found), {"retirer": "1"}).status_code == 404
    assert other_desk.post(page(found), {"photo": sent(taken_outside())}).status_code == 404
    assert other_desk.post(page(found), {"retirer": "1"}).status_code == 404
    assert pledged(alpha, contract).photo


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg onload='alert(1)'/>", "n’est pas une photo lisible"),
        (b"", "Choisissez une photo"),
        (b"x" * 8_000_001, "trop lourde : 8 Mo au plus"),
        (b"x" * 16_000_001, "trop lourde : 8 Mo au plus"),
    ],
    ids=["no picture", "nothing", "too heavy for the policy", "too heavy for the process"],
)
def test_what_cannot_be_kept_is_refused_in_words(
    alpha: Caisse, desk: Browser, contract: Contract, data: bytes, said: str
) -> None:
    found = pledged(alpha, contract)
    assert said in words(give(desk, found, data))
    assert "Choisissez une photo" in words(posted(desk, page(found)))
    assert not pledged(alpha, contract).photo
    assert not journal(alpha, "pawn.photo_added")


def test_the_caisse_says_how_heavy_a_photo_may_be(alpha: Caisse, desk: Browser, contract: Contract) -> None:
    publish(alpha, {"pawn": {"photo_megabytes": 1}})
    found = pledged(alpha, contract)
    assert "1 Mo au plus" in words(desk.get(page(found)))
    assert "trop lourde : 1 Mo au plus" in words(give(desk, found, b"x" * 1_000_001))


def test_a_picture_with_too_many_points_is_refused_in_words(
    alpha: Caisse, desk: Browser, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenant_apps.pawn.pictures.MOST_POINTS", 10)
    assert "trop de points" in words(give(desk, pledged(alpha, contract), taken_outside()))


def test_a_mirrored_contract_keeps_the_photo_of_its_own_system(alpha: Caisse, desk: Browser) -> None:
    with tenant_context(alpha):
        found = PledgedObject.objects.select_related("contract").get(contract__tariff__isnull=True)
        name = found.photo.name
        with pytest.raises(NotPossibleError) as refused:
            service.remove_photo(pledged=found, by=BY, now=noon(START))
        assert refused.value.why is WhyNot.MIRRORED
    assert "Nouvelle photo" not in words(desk.get(page(found)))
    assert "dans le logiciel de la caisse" in words(give(desk, found, taken_outside()))
    with tenant_context(alpha):
        assert PledgedObject.objects.get(pk=found.pk).photo.name == name


def test_an_act_that_fails_leaves_no_file_behind(
    alpha: Caisse, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("the journal is away")

    found, before = pledged(alpha, contract), files_of(alpha)
    monkeypatch.setattr(service, "write_event", broken)
    with tenant_context(alpha), pytest.raises(RuntimeError):
        service.keep_photo(pledged=found, picture=taken_outside(), by=BY, now=noon(START))
    assert files_of(alpha) == before


def test_photos_are_taken_when_the_contract_is_signed(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    checked = send(desk, opening(anne), **THING, **LOAN)
    assert "Photo de l’objet : Montre en acier" in words(checked)
    typed = {**form_of(checked), "confirm": "1"}
    wrong = posted(desk, opening(anne), {**typed, "photo-0-photo": sent(b"no picture")})
    assert "n’est pas une photo lisible" in words(wrong)
    with tenant_context(alpha):
        assert not Contract.objects.filter(tariff__isnull=False).exists()
    again = {**form_of(wrong), "confirm": "1"}
    for _ in range(2):
        done = posted(desk, opening(anne), {**again, "photo-0-photo": sent(taken_outside())})
        assert done.status_code == 302
    with tenant_context(alpha):
        (kept,) = PledgedObject.objects.filter(contract__tariff__isnull=False)
        with kept.photo.open() as photo, Image.open(photo) as shown:
            assert shown.format == "JPEG"


def test_a_page_that_takes_no_file_keeps_none_of_it(desk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(
        uploads.BoundedUploadHandler, "receive_data_chunk", lambda _self, raw, _start: kept.append(len(raw))
    )
    answer = posted(desk, "/agence/", {"words": "Anne", "extra": sent(b"x" * 1000)})
    assert answer.status_code in (200, 302)
    assert not kept


def test_a_request_keeps_no_more_than_its_share_however_many_files(
    alpha: Caisse, desk: Browser, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_OF_A_REQUEST", 1000)
    assert "trop lourde" in words(give(desk, pledged(alpha, contract), taken_outside()))
