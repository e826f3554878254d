import pytest
from django.db import OperationalError, ProgrammingError, transaction
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.world import ALPHA, BETA


def publish(number: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT guichet_policy_published(%s)", [number])


def numbers() -> dict[str, int]:
    return dict(Caisse.objects.order_by("schema_name").values_list("schema_name", "policy_version"))


def test_the_number_of_ones_own_caisse_moves_by_one(alpha: Caisse, beta: Caisse) -> None:
    before = numbers()
    with tenant_context(alpha):
        publish(2)
    assert numbers() == {**before, ALPHA: 2}
    with tenant_context(beta):
        publish(2)
    assert numbers() == {**before, ALPHA: 2, BETA: 2}


@pytest.mark.parametrize("number", [-1, 0, 1, 3, 2147483647])
def test_a_number_that_is_not_the_next_one_is_refused(number: int, alpha: Caisse) -> None:
    before = numbers()
    with tenant_context(alpha), pytest.raises(OperationalError, match="another version was published"):
        publish(number)
    assert numbers() == before


def test_no_number_at_all_is_refused(alpha: Caisse) -> None:
    with (
        tenant_context(alpha),
        pytest.raises(OperationalError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT guichet_policy_published(NULL)")


def test_nobody_publishes_while_no_caisse_is_set(db: None) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for function"):
        publish(2)


def test_the_search_path_of_the_caller_does_not_fool_the_function(alpha: Caisse) -> None:
    before = numbers()
    with tenant_context(alpha), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = beta, pg_catalog")
        cursor.execute("SELECT public.guichet_policy_published(2)")
    assert numbers() == {**before, ALPHA: 2}
    assert caisse_of_schema(schema=BETA).policy_version == 1
