"""The one typed door to the database connection: Django's proxy does not say that ours knows the caisse."""

from typing import TYPE_CHECKING, cast

from django.db import connection as proxy

if TYPE_CHECKING:
    # The backend needs the models, and this module is read before they are loaded.
    from guichet.tenancy.backend.base import DatabaseWrapper

connection = cast("DatabaseWrapper", proxy)
