"""A file whose document was rolled back is nobody's: it goes some night, and no file of a document ever does."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test.utils import CaptureQueriesContext

from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.documents import tasks
from tenant_apps.documents.forget_orphans import AT_ONCE, LOOKED_BACK, SPARED, forget_orphans
from tenant_apps.documents.models import Document
from tenant_apps.documents.selectors import content_of
from tenant_apps.documents.store_document import folder_of, store_document
from tenant_apps.payments.services.receipts import RECEIPT
from tests.clock import Clock
from tests.world import NOON

NEXT_NIGHT = NOON + timedelta(hours=24) + SPARED


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    """The database takes back what other tests stored, and the disk does not."""
    settings.MEDIA_ROOT = tmp_path


def stored(client: Client) -> Document:
    return store_document(
        uuid=uuid4(),
        client=client,
        kind=RECEIPT,
        name="2026-000001",
        about=uuid4(),
        media_type="application/pdf",
        content=b"%PDF",
        now=NOON,
    )


def rolled_back(client: Client) -> Path:
    """Where the file of a document that never was stands."""
    with transaction.atomic():
        path = Path(default_storage.path(stored(client).file))
        transaction.set_rollback(True)
    return path


def test_a_file_whose_transaction_was_rolled_back_goes_and_those_of_documents_stay(
    client: Client, clock: Clock
) -> None:
    kept, orphan = stored(client), rolled_back(client)
    assert orphan.exists()
    clock.set_to(NEXT_NIGHT)
    tasks.night(tenant="alpha")
    tasks.night(tenant="alpha")
    assert not orphan.exists()
    assert content_of(document=kept) == b"%PDF"


def test_what_is_being_stored_just_now_is_left_alone(client: Client) -> None:
    orphan = rolled_back(client)
    assert forget_orphans(now=NOON + timedelta(hours=12)) == 0
    assert forget_orphans(now=NEXT_NIGHT) == 1
    assert not orphan.exists()


def test_a_night_that_did_not_run_is_made_up_for(client: Client) -> None:
    rolled_back(client)
    assert forget_orphans(now=NEXT_NIGHT + timedelta(days=LOOKED_BACK - 1)) == 1


def test_it_asks_the_database_a_bounded_number_of_times(client: Client) -> None:
    for _ in range(AT_ONCE + 1):
        default_storage.save(f"{folder_of(day=NOON.date())}/{uuid4()}.pdf", ContentFile(b"x"))
    with CaptureQueriesContext(connection) as asked:
        assert forget_orphans(now=NEXT_NIGHT) == AT_ONCE + 1
    assert len(asked) == 2
