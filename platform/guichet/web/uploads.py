"""Files that a form brings: kept in memory, bounded, and read only by the views that say that they take some."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MEGABYTE = 1_000_000
MOST_OF_A_FILE, MOST_OF_A_REQUEST = 15 * MEGABYTE, 45 * MEGABYTE
"""What the process keeps of it. The rest is counted and thrown away, so that the form can say how big it was."""

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """Of any other view, files are thrown away as they come, whoever sends them."""
    view.takes_files = True  # type: ignore[attr-defined]  # a mark on a function, which decorators carry on
    return view


class BoundedUploadHandler(FileUploadHandler):
    """Django's own would write what it is sent to the disk, as much as it is, before any view is asked."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.left = MOST_OF_A_REQUEST
        self.kept = BytesIO()
        self.is_whole = True

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        match = getattr(self.request, "resolver_match", None)
        if not getattr(getattr(match, "func", None), "takes_files", False):
            raise SkipFile
        self.kept, self.is_whole = BytesIO(), True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > MOST_OF_A_FILE or len(raw_data) > self.left:
            self.kept, self.is_whole = BytesIO(), False
        if self.is_whole:
            self.left -= len(raw_data)
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[Any]":
        self.kept.seek(0)
        found = InMemoryUploadedFile(
            file=self.kept,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
        found.is_whole = self.is_whole  # type: ignore[attr-defined]  # told to the form that reads it
        return found
