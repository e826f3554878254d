"""Opening an account: once for a person, and nothing of it reads back."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.factors import devices_of
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.identity.open_account import IdentifierTakenError, open_account
from tenant_apps.identity.realms import CLIENTS, rules_of
from tenant_apps.identity.selectors import active_user, login_index, user_of_index
from tenant_apps.journal.models import Event
from tenants.models import Caisse
from tests.world import ANNE, NOON


def open_for(client: Client | None, identifier: str, kind: User.Kind = User.Kind.CLIENT) -> User:
    return open_account(
        kind=kind, identifier=identifier, secret=None, display_name="X", now=NOON, client=client, phone=""
    )


@pytest.fixture
def zoe(in_alpha: Caisse) -> Client:
    return Client.objects.create(
        number="C-9", first_name="Zoé", last_name="Neuf", folded_name="neuf zoe", language="fr"
    )


def test_opening_it_again_changes_nothing(in_alpha: Caisse) -> None:
    anne = Client.objects.get()
    before = User.objects.get(kind=User.Kind.CLIENT)
    events = Event.objects.count()
    assert open_for(anne, ANNE.identifier) == before
    before.refresh_from_db()
    assert before.check_password(ANNE.secret)
    assert Event.objects.count() == events


def test_an_identifier_is_one_persons(in_alpha: Caisse, zoe: Client) -> None:
    with pytest.raises(IdentifierTakenError):
        open_for(zoe, ANNE.identifier)


def test_a_member_of_staff_does_not_become_an_operator_by_being_opened_again(in_alpha: Caisse) -> None:
    with pytest.raises(IdentifierTakenError):
        open_for(None, "agent@alpha.example.org", User.Kind.OPERATOR)


def test_clients_and_staff_may_have_the_same_identifier_and_never_meet(in_alpha: Caisse, zoe: Client) -> None:
    as_client = open_for(zoe, "agent@alpha.example.org")
    index = login_index(realm="client", identifier="agent@alpha.example.org")
    assert user_of_index(index=index) == as_client
    assert as_client.kind == User.Kind.CLIENT


def test_without_a_secret_no_secret_opens_it(in_alpha: Caisse, zoe: Client) -> None:
    account = open_for(zoe, "1000000009")
    assert not account.has_usable_password()


def test_only_a_client_has_a_file(in_alpha: Caisse, zoe: Client) -> None:
    for kind, client in ((User.Kind.CLIENT, None), (User.Kind.STAFF, zoe)):
        with pytest.raises(IntegrityError), transaction.atomic():
            open_for(client, f"1000000{kind}", kind)


def test_the_table_holds_no_identifier_in_clear_and_the_same_one_has_another_index_elsewhere(
    beta: Caisse, in_alpha: Caisse
) -> None:
    user = User.objects.get(kind=User.Kind.CLIENT)
    assert ANNE.identifier.encode() not in bytes(user.identifier_sealed)
    with tenant_context(beta):
        other = User.objects.get(kind=User.Kind.CLIENT)
        assert other.pk == user.pk
        assert other.login_index != user.login_index


def test_codes_go_to_the_latest_confirmed_phone(in_alpha: Caisse) -> None:
    user = User.objects.get(kind=User.Kind.CLIENT)
    newer = SmsDevice.objects.create(user=user, name="x", phone="+33639980055", confirmed=True)
    SmsDevice.objects.create(user=user, name="x", phone="+33639980056", confirmed=False)
    assert devices_of(user=user, policy=rules_of(CLIENTS))["sms"] == newer


def test_a_shut_account_is_nobodys_session(in_alpha: Caisse) -> None:
    user = User.objects.get(kind=User.Kind.CLIENT)
    assert active_user(pk=user.pk) == user
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert active_user(pk=user.pk) is None


@pytest.mark.parametrize("kind", [User.Kind.CLIENT, User.Kind.STAFF])
def test_what_is_read_by_hand_is_what_django_reads(in_alpha: Caisse, kind: User.Kind) -> None:
    """Value by value and type by type, with something in every column."""
    User.objects.filter(kind=kind).update(last_login=NOON, secret_forced_at=NOON, session_epoch=3)
    Client.objects.update(birth_date=NOON.date(), postal_lines="8 rue du Puits", town="Nîmes")
    django = User.objects.select_related("client").get(kind=kind)
    for found in (user_of_index(index=django.login_index), active_user(pk=django.pk)):
        assert found is not None
        with CaptureQueriesContext(connection) as queries:
            files = django.client, found.client
            for one, other in ((django, found), files):
                if one is not None and other is not None:
                    assert values(one) == values(other)
            if files[0] is not None and files[1] is not None:
                assert files[0].user.pk == files[1].user.pk
        assert not queries.captured_queries
        assert (files[0] is None) == (files[1] is None) == (kind == User.Kind.STAFF)
        assert not found._state.adding
        assert found._state.db == django._state.db
        assert found.get_deferred_fields() == set()


def values(row: Model) -> dict[str, tuple[type, object]]:
    found = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: (type(value), value) for name, value in found.items()}


def test_nobody_is_found_under_what_nobody_has(in_alpha: Caisse) -> None:
    assert user_of_index(index=login_index(realm="client", identifier="1999999999")) is None
    assert active_user(pk=0) is None


def test_no_name_nor_identifier_is_printed_with_a_user(in_alpha: Caisse) -> None:
    user = User.objects.get(kind=User.Kind.CLIENT)
    assert str(user) == str(user.uuid)
