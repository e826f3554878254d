"""Files of a caisse: each in its own folder, closed to the other users of the computer."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import override_settings

from guichet.tenancy.router import NoTenantSetError
from tenants.models import Caisse


@pytest.fixture(params=[0o000, 0o022, 0o077])
def media(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A folder that is not there yet, for a process that would let others read more, or less."""
    before = os.umask(request.param)
    with override_settings(MEDIA_ROOT=tmp_path / "files"):
        yield tmp_path / "files"
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder.parent)): f"{stat.S_IMODE(path.stat().st_mode):o}"
        for path in (folder, *folder.rglob("*"))
    }


def test_files_and_folders_are_for_the_user_and_the_group(in_alpha: Caisse, media: Path) -> None:
    default_storage.save("objects/ring.png", ContentFile(b"x"))
    own = f"files/{in_alpha.uuid}"
    assert modes(media) == {
        "files": "750",
        own: "750",
        f"{own}/objects": "750",
        f"{own}/objects/ring.png": "640",
    }


def test_a_large_file_that_is_moved_into_place_is_no_exception(in_alpha: Caisse, media: Path) -> None:
    with TemporaryUploadedFile("proof.pdf", "application/pdf", 1, None) as upload:
        upload.write(b"x")
        upload.seek(0)
        name = default_storage.save("proof.pdf", upload)
    assert modes(media)[f"files/{in_alpha.uuid}/{name}"] == "640"


def test_no_file_is_written_while_no_caisse_is_set(db: None) -> None:
    with pytest.raises(NoTenantSetError):
        default_storage.save("ring.png", ContentFile(b"x"))
