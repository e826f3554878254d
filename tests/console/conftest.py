import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import User
from tenants.selectors import caisse_of_schema
from tests.identity.steps import put_in


@pytest.fixture
def operator(committed: None) -> Browser:
    """An operator of the GIE, signed in, where every statement is committed."""
    gie = caisse_of_schema(schema="gie")
    with tenant_context(gie):
        user = User.objects.get(kind=User.Kind.OPERATOR)
    return put_in(Browser(HTTP_HOST="gie.localhost", SERVER_NAME="gie.localhost"), gie, user)
