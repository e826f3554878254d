from collections.abc import Callable
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tenants.models import Caisse
from tenants.policy.selectors import published_of
from tenants.provisioning.connections import as_migrator, become_owner
from tenants.selectors import caisse_of_schema
from tests.world import ALPHA

SetLockout = Callable[..., None]
Publish = Callable[[dict[str, Any]], None]


@pytest.fixture
def alpha_committed(committed: None) -> Caisse:
    """Alpha, where every statement is committed."""
    return caisse_of_schema(schema=ALPHA)


@pytest.fixture
def lockout(committed: None) -> SetLockout:
    """Gives alpha another lockout until the end of the test. Nobody is taken for a robot unless the test says so."""
    return lambda **rules: _publish({"lockout": {"robots": "never", **rules}})


@pytest.fixture
def policy(committed: None) -> Publish:
    """Gives alpha other sections until the end of the test."""
    return _publish


def _publish(sections: dict[str, Any]) -> None:
    document = {**published_of(schema=ALPHA).document, **sections}
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute(
            "INSERT INTO alpha.policy_policyversion (number, document, digest, author, reason, published_at)"
            " VALUES (2, %s, '', 'test', 'test', now())",
            [Jsonb(document)],
        )
        owner.execute("UPDATE tenants_caisse SET policy_version = 2 WHERE schema_name = 'alpha'")
