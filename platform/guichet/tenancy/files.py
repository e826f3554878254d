"""Files of a caisse: kept under its own folder, never served by address alone."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from guichet.tenancy.connection import connection
from guichet.tenancy.roles import PUBLIC
from guichet.tenancy.router import NoTenantSetError


@deconstructible
class TenantStorage(FileSystemStorage):
    """The folder is chosen at each access, since one process serves all caisses.

    The folder's name is the caisse's UUID, which outlives a renamed schema. There is no
    URL: a view that checks the reader sends the bytes.
    """

    @property
    def base_location(self) -> str:
        if connection.schema_name == PUBLIC:
            raise NoTenantSetError("a file was asked for while no caisse is set")
        return str(Path(settings.MEDIA_ROOT) / str(connection.tenant.uuid))

    @property
    def location(self) -> str:
        return str(Path(self.base_location).resolve())

    def url(self, name: str | None) -> str:
        raise NotImplementedError("a caisse's file has no address of its own: serve it from a view")
