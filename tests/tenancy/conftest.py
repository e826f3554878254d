from collections.abc import Iterator

import pytest
from django_tenants.utils import tenant_context

from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.world import ALPHA, BETA


@pytest.fixture
def pair(committed: None) -> dict[str, Caisse]:
    """Both caisses, where every statement is committed."""
    return {schema: caisse_of_schema(schema=schema) for schema in (ALPHA, BETA)}


@pytest.fixture
def at_alpha(pair: dict[str, Caisse]) -> Iterator[Caisse]:
    """In alpha, where every statement is committed."""
    with tenant_context(pair[ALPHA]):
        yield pair[ALPHA]
