"""Taking a secret away: it opens nothing any more, its sessions end, and the way in begins anew."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.ask_recovery import answer_recovery_request
from tenant_apps.identity.models import AccessCode, User
from tenant_apps.identity.selectors import login_index
from tenants.models import Caisse
from tests.desk.conftest import BrowserAt
from tests.desk.counter import SHOWN_AGAIN, act_of, file_of, journal, register, sent, staff_uuid, words
from tests.identity.steps import SIGN_IN, enter_secret, publish, sign_in
from tests.identity.waiting import CHOOSE, LINK, links, twice
from tests.world import ANNE, BRUNO

ACT, BUTTON = "nouveau-secret", "Exiger un nouveau secret"
WHY = {"reason": "seen", "note": ""}
NEW = "Cerf-volant-bleu-41!"


def force(desk: Browser, client: Client, **fields: str) -> str:
    """Where the counter is sent afterwards."""
    answer = desk.post(act_of(client, ACT), {**WHY, **fields})
    return str(answer.headers.get("Location", answer.status_code))


def test_the_old_secret_opens_nothing_and_the_way_back_works(
    alpha: Caisse, beta: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt
) -> None:
    inside, half, other = (browser_at(ANNE.host) for _ in range(3))
    sign_in(inside, alpha, ANNE)
    enter_secret(half, ANNE)
    sign_in(browser_at(BRUNO.host), beta, BRUNO)
    assert BUTTON in words(desk.get(file_of(anne)))
    assert force(desk, anne) == f"{file_of(anne)}?fait=secret"
    assert inside.get("/").headers["Location"] == "/connexion/?next=/"
    assert half.get("/connexion/code/").headers["Location"] == "/connexion/"
    assert enter_secret(other, ANNE).status_code == 200
    assert enter_secret(browser_at(BRUNO.host), BRUNO).status_code == 302
    page = words(desk.get(file_of(anne)))
    assert "Jamais activé" not in page
    assert "Première connexion" not in page
    assert "Doit choisir un nouveau secret" in page
    assert re.search(r"Nouveau secret</dt> <dd> Lien envoyé par e-mail le [^<]+, valable jusqu’au", page)
    assert "Renvoyer de quoi choisir un secret" in page
    assert BUTTON not in page
    assert other.get(links(alpha)[0]).headers["Location"] == CHOOSE
    assert other.post(CHOOSE, twice(NEW)).headers["Location"] == f"{SIGN_IN}?actif=1"
    assert enter_secret(other, ANNE, secret=NEW).headers["Location"] == "/connexion/code/"
    page = words(desk.get(file_of(anne)))
    assert "Doit choisir" not in page
    for text in ("Nouveau secret à choisir : envoyé", "Nouveau secret choisi"):
        assert text in page


def test_it_is_journalled_and_the_client_is_told(alpha: Caisse, desk: Browser, anne: Client) -> None:
    force(desk, anne, note="mot de passe sur un papier")
    (event,) = journal(alpha, "account.secret_forced")
    assert event.details["by"] == staff_uuid(alpha)
    assert event.details["reason"] == "seen: mot de passe sur un papier"
    (mail,) = sent(alpha, "secret_forced")
    assert (mail["channel"], mail["to"]) == ("mail", "client@alpha.example.org")
    assert "Vous recevez à part" in mail["text"]
    # It was not the client's own doing, nor a stranger's.
    assert ("Cela vous étonne" in mail["text"], "Ce n’était pas vous" in mail["text"]) == (True, False)
    assert "Secret retiré par l’agence" in words(desk.get(file_of(anne)))


def test_it_needs_a_reason_and_a_second_run_changes_nothing(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    assert SHOWN_AGAIN in force(desk, anne, reason="")
    assert journal(alpha, "account.secret_forced") == []
    force(desk, anne)
    with tenant_context(alpha):
        codes = list(AccessCode.objects.values_list("digest", "expires_at"))
    assert force(desk, anne) == f"{file_of(anne)}?fait=sans-secret"
    assert len(journal(alpha, "account.secret_forced")) == 1
    with tenant_context(alpha):
        assert list(AccessCode.objects.values_list("digest", "expires_at")) == codes


def test_where_nothing_can_be_sent_the_secret_goes_all_the_same_and_the_counter_is_told(
    alpha: Caisse, desk: Browser
) -> None:
    """Whoever stole it must not keep it because the file has no address."""
    zoe = register(alpha, "C-2", identifier="1000000002")
    assert force(desk, zoe) == f"{file_of(zoe)}?fait=secret-a-la-main"
    with tenant_context(alpha):
        assert not User.objects.get(client=zoe).is_activated
    assert sent(alpha, "secret_forced") == []


def test_the_message_speaks_of_a_new_secret_and_of_no_first_connection(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    force(desk, anne)
    (mail,) = sent(alpha, "activation_link")
    assert "choisissez un nouveau mot de passe" in mail["subject"]
    for text in (mail["text"], mail["html"]):
        assert "Votre agence a retiré votre mot de passe" in text
        assert "vous attend" not in text
    page = words(desk.get(act_of(anne, "activation")))
    assert "L’agence a retiré le secret de ce client" in page
    answer = desk.post(act_of(anne, "activation"), {"reason": "lapsed", "note": ""})
    assert answer.headers["Location"] == f"{file_of(anne)}?fait=nouveau-secret"


def test_who_asks_for_a_forgotten_secret_meanwhile_is_told_of_truly(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    """The request goes on as one to choose a secret: it is no refusal, and what was just sent is kept."""
    publish(alpha, LINK)
    force(desk, anne)
    now = timezone.now()
    with tenant_context(alpha):
        index = login_index(realm="client", identifier=ANNE.identifier)
        for at in (now, now + timedelta(hours=1)):
            answer_recovery_request(index=index, asked_at=at, now=at)
    assert journal(alpha, "recovery.refused") == []
    assert len(journal(alpha, "recovery.led_on")) == 2
    (kept,) = journal(alpha, "secret.renewal_nothing_sent")
    assert kept.details["why"] == "just_sent"
    assert len(journal(alpha, "secret.renewal_sent")) == 2
    page = words(desk.get(file_of(anne)))
    assert "l’envoi précédent vient de partir et sert encore" in page
    assert "Secret oublié : rien n’est parti" not in page
    assert "Première connexion" not in page


@pytest.mark.parametrize("change", [{"is_active": False}])
def test_what_the_caisse_has_shut_is_left_as_it_is(
    alpha: Caisse, desk: Browser, anne: Client, change: dict[str, bool]
) -> None:
    with tenant_context(alpha):
        User.objects.filter(client=anne).update(**change)
    assert BUTTON not in words(desk.get(file_of(anne)))
    assert force(desk, anne) == f"{file_of(anne)}?fait=sans-secret"
    publish(alpha, {"activation": {"sends": []}})
    assert "pas de secret à retirer" in words(desk.get(act_of(anne, ACT)))
