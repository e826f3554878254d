"""The files of photos: a rollback takes no file back, so what was written is forgotten when its act fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction

from tenant_apps.pawn.models import PledgedObject


@dataclass(slots=True)
class PhotoFiles:
    """What one act has written."""

    names: list[str] = field(default_factory=list)

    def put(self, *, pledged: PledgedObject, picture: bytes, suffix: str) -> None:
        """In the place of the one before, whose file goes once the transaction is done. The row is not saved."""
        forget(pledged=pledged)
        # An opaque name: what the object is must not be read off a folder.
        pledged.photo.save(f"{pledged.uuid}{suffix}", ContentFile(picture), save=False)
        self.names.append(str(pledged.photo.name))


def forget(*, pledged: PledgedObject) -> None:
    """The file of a photo, once the transaction is done."""
    if pledged.photo:
        transaction.on_commit(partial(pledged.photo.storage.delete, str(pledged.photo.name)))


@contextmanager
def photo_files() -> Iterator[PhotoFiles]:
    """Around the transaction of an act."""
    written = PhotoFiles()
    try:
        yield written
    except BaseException:
        storage = PledgedObject._meta.get_field("photo").storage
        for name in written.names:
            storage.delete(name)
        raise
