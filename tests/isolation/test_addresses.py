import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import clear_url_caches, reverse, set_urlconf
from django_tenants.utils import tenant_context

from guichet.tenancy.router import NoTenantSetError
from guichet.web.brand import current_brand
from tenant_apps.pawn.models import Contract, PledgedObject
from tenants.models import Caisse
from tests.isolation.visits import BrowserAt, signed_in
from tests.world import ANNE, BRUNO, PICTURE

# The token drawn for the page, and the address that the form of the language comes back to.
OF_THE_REQUEST = re.compile(
    rb'value="(?:\w{64}|/contrats/[-0-9a-f]{36}/)"|\?next=/contrats/[-0-9a-f]{36}/|data-(?:idle|absolute)="\d+"'
)


@pytest.fixture(autouse=True)
def _addresses_of_a_caisse() -> Iterator[None]:
    set_urlconf(settings.URL_TREES["caisse"])
    yield
    set_urlconf(None)
    clear_url_caches()


def contract_address(caisse: Caisse) -> str:
    with tenant_context(caisse):
        return reverse("contract", args=[Contract.objects.get().uuid])


def photo_address(caisse: Caisse) -> str:
    with tenant_context(caisse):
        return reverse("object_photo", args=[PledgedObject.objects.get().uuid])


def photo_name() -> str:
    """Of the one object of the current caisse."""
    return str(PledgedObject.objects.get().photo.name)


def stylesheet_address(caisse: Caisse) -> str:
    with tenant_context(caisse):
        return current_brand().stylesheet_url


def test_a_contract_of_the_other_caisse_is_not_found(
    browser_at: BrowserAt, alpha: Caisse, beta: Caisse
) -> None:
    bruno = signed_in(browser_at(BRUNO.host), BRUNO)
    foreign, nobodys = bruno.get(contract_address(alpha)), bruno.get(reverse("contract", args=[uuid4()]))

    assert bruno.get(contract_address(beta)).status_code == 200
    assert foreign.status_code == nobodys.status_code == 404
    assert OF_THE_REQUEST.sub(b"", foreign.content) == OF_THE_REQUEST.sub(b"", nobodys.content)


def test_a_photo_of_the_other_caisse_is_not_found(browser_at: BrowserAt, alpha: Caisse, beta: Caisse) -> None:
    anne, bruno = signed_in(browser_at(ANNE.host), ANNE), signed_in(browser_at(BRUNO.host), BRUNO)

    assert anne.get(photo_address(alpha)).getvalue() == PICTURE + b"alpha"
    assert bruno.get(photo_address(beta)).getvalue() == PICTURE + b"beta"
    assert bruno.get(photo_address(alpha)).status_code == 404
    assert anne.get(photo_address(beta)).status_code == 404


def test_a_photo_is_shown_to_nobody_who_has_not_signed_in(browser_at: BrowserAt, alpha: Caisse) -> None:
    assert browser_at(ANNE.host).get(photo_address(alpha)).status_code == 302


def test_a_file_of_one_caisse_does_not_exist_in_the_other(alpha: Caisse, beta: Caisse) -> None:
    with tenant_context(alpha):
        name = photo_name()
        assert default_storage.exists(name)
    with tenant_context(beta):
        assert not default_storage.exists(name)
        with pytest.raises(FileNotFoundError):
            default_storage.open(name)


def test_the_same_name_is_two_files_in_two_caisses(alpha: Caisse, beta: Caisse) -> None:
    for caisse in (alpha, beta):
        with tenant_context(caisse):
            default_storage.save("letters/1.txt", ContentFile(caisse.schema_name.encode()))
    for caisse in (alpha, beta):
        with tenant_context(caisse), default_storage.open("letters/1.txt") as file:
            assert file.read() == caisse.schema_name.encode()


def test_no_name_climbs_out_of_the_folder_of_a_caisse(alpha: Caisse, beta: Caisse) -> None:
    with tenant_context(alpha):
        name = photo_name()
    for climbing in (f"../{alpha.uuid}/{name}", f"objects/../../{alpha.uuid}/{name}", "/etc/passwd"):
        with tenant_context(beta), pytest.raises(SuspiciousFileOperation):
            default_storage.open(climbing)


def test_the_folder_of_a_caisse_is_not_named_after_its_schema(alpha: Caisse) -> None:
    with tenant_context(alpha):
        path = Path(default_storage.path(photo_name()))
    folders = path.relative_to(settings.MEDIA_ROOT).parts
    assert folders[0] == str(alpha.uuid)


def test_a_file_is_refused_while_no_caisse_is_set() -> None:
    for act in (default_storage.open, default_storage.exists, default_storage.delete, default_storage.path):
        with pytest.raises(NoTenantSetError):
            act("objects/1.png")


def test_a_file_has_no_address_of_its_own(in_alpha: Caisse) -> None:
    with pytest.raises(NotImplementedError):
        PledgedObject.objects.get().photo.url  # noqa: B018  # the property is what raises


def test_the_stylesheet_of_one_caisse_is_not_found_at_the_other(
    browser_at: BrowserAt, alpha: Caisse, beta: Caisse
) -> None:
    at_alpha, at_beta = browser_at(ANNE.host), browser_at(BRUNO.host)

    assert at_alpha.get(stylesheet_address(alpha)).status_code == 200
    assert at_beta.get(stylesheet_address(beta)).status_code == 200
    assert at_beta.get(stylesheet_address(alpha)).status_code == 404
    assert at_alpha.get(stylesheet_address(beta)).status_code == 404
