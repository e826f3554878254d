"""Who has chosen a new secret after a recovery is told of it by another way than its proofs came by."""

from collections.abc import Sequence

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.identity.recovery_notices import Way, tell_of_recovery, ways_to_tell
from tenants.models import Caisse
from tests.identity.forgetting import outbox
from tests.identity.steps import user_of
from tests.world import ANNE

BOTH: tuple[Way, ...] = ("sms", "mail")


@pytest.mark.parametrize(
    ("proofs", "there", "told"),
    [
        (["email_link"], BOTH, ("sms",)),
        (["email_code"], BOTH, ("sms",)),
        (["sms_code"], BOTH, ("mail",)),
        (["letter_code"], BOTH, ("sms",)),
        (["email_link", "sms_code"], BOTH, ("sms", "mail")),
        (["email_link", "letter_code"], BOTH, ("sms",)),
        (["email_link"], ["mail"], ("mail",)),
        (["letter_code"], ["mail"], ("mail",)),
        (["sms_code"], ["sms"], ("sms",)),
        (["letter_code"], ["sms"], ("sms",)),
        (["letter_code"], [], ("letter",)),
        # The file has lost its addresses since the code was sent.
        (["email_link", "sms_code"], [], ("letter",)),
    ],
)
def test_the_way_told_by_brought_no_proof_or_every_way_tells(
    proofs: Sequence[str], there: Sequence[Way], told: tuple[Way, ...]
) -> None:
    assert ways_to_tell(there=there, proofs=proofs) == told


def told(caisse: Caisse, *, proofs: Sequence[str], **changes: str) -> list[tuple[str, str, bool]]:
    """Channel, recipient and whether it has another way to take, of each notice that a recovery leaves."""
    with tenant_context(caisse):
        Client.objects.filter(pk=1).update(**changes)
        user = User.objects.select_related("client").get(pk=user_of(caisse).pk)
        tell_of_recovery(user=user, proofs=proofs, now=timezone.now())
    return [
        (each["channel"], each["to"], "otherwise" in each) for each in outbox(caisse, kind="recovery_done")
    ]


def test_a_link_and_a_code_by_sms_are_told_of_both_ways(alpha: Caisse, beta: Caisse) -> None:
    assert told(alpha, proofs=["email_link", "sms_code"]) == [
        ("sms", ANNE.phone, False),
        ("mail", "client@alpha.example.org", False),
    ]
    assert outbox(beta, kind="recovery_done") == []


def test_one_way_that_fails_has_the_other(alpha: Caisse) -> None:
    assert told(alpha, proofs=["email_link"]) == [("sms", ANNE.phone, True)]


def test_who_has_neither_mail_nor_mobile_gets_a_letter(alpha: Caisse) -> None:
    address = {"postal_lines": "8 rue du Puits", "postcode": "30000", "town": "Nîmes"}
    ((channel, to, _),) = told(alpha, proofs=["letter_code"], email="", mobile="", **address)
    assert (channel, "Nîmes" in to) == ("letter", True)
    (letter,) = outbox(alpha, kind="recovery_done")
    text = letter["text"].replace("\u202f", " ").replace("\u00a0", " ")
    for words in ("8 rue du Puits", "mot de passe a changé le", "Ce n’était pas vous ?", "04 65 71 00 01"):
        assert words in text
