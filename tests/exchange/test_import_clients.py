"""The clients of a caisse from the file of its own system: registered, corrected, let in; every bad line named."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from guichet.tenancy.signing import keyring
from tenant_apps.clients.models import Client
from tenant_apps.exchange.plan_clients import standings_of
from tenant_apps.exchange.services import import_clients
from tenant_apps.identity.models import AccessCode, SmsDevice, User
from tenant_apps.journal.models import Event
from tenants.models import Caisse
from tests.clock import Clock
from tests.commands.running import Ran, run, written
from tests.desk.counter import journal, register, sent
from tests.identity.conftest import BrowserAt
from tests.identity.steps import publish, put_in, user_of
from tests.identity.waiting import CHOOSE, LETTER, LINK, MUTUAL, letter_codes
from tests.world import ANNE

GIVEN = Path(__file__).with_name("clients.csv")
TITLES = (
    "numero_client;civilite;nom;prenom;date_naissance;email;mobile;"
    "adresse_1;code_postal;ville;pays;langue;identifiant"
)
ZOE = {
    "numero_client": "M-1",
    "civilite": "Mme",
    "nom": "Sept",
    "prenom": "Zoé",
    "date_naissance": "21/10/1960",
    "email": "zoe.sept@example.org",
    "mobile": "06 39 98 45 45",
    "adresse_1": "12 rue des Tilleuls",
    "code_postal": "30000",
    "ville": "Nîmes",
    "identifiant": "1234567890",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def by_link(alpha: Caisse) -> Caisse:
    publish(alpha, LINK)
    return alpha


def clients(*words: str | Path) -> Ran:
    ran = run("clients", "import", *words)
    plain = [text and text.replace("\u202f", " ").replace("\xa0", " ") for text in (ran.said, ran.refused)]
    return Ran(plain[0] or "", plain[1])


def line(**changes: str) -> str:
    named = {**ZOE, **changes}
    return ";".join(named.get(column, "") for column in TITLES.split(";"))


def lines(folder: Path, *several: str) -> Path:
    return written(folder / "clients.csv", "\n".join([TITLES, *several]) + "\n")


def several(count: int) -> list[str]:
    return [
        line(numero_client=f"M-{n}", email=f"zoe{n}@example.org", identifiant=f"1234567{n:03d}")
        for n in range(count)
    ]


def load(folder: Path, *options: str, **changes: str) -> Ran:
    return clients("alpha", lines(folder, line(**changes)), *options)


def everything(caisse: Caisse) -> Mapping[str, list[Any]]:
    with tenant_context(caisse):
        return {
            "clients": list(Client.objects.order_by("pk").values()),
            "users": list(User.objects.order_by("pk").values_list("pk", "session_epoch", "login_index")),
            "codes": list(AccessCode.objects.order_by("pk").values()),
            "events": list(Event.objects.order_by("pk").values_list("kind", "subject")),
        }


def zoe(caisse: Caisse) -> Client:
    with tenant_context(caisse):
        return Client.objects.select_related("user").get(number="M-1")


class TestGivenFile:
    @pytest.fixture(autouse=True)
    def _mutual(self, alpha: Caisse) -> None:
        publish(alpha, {**MUTUAL, "products": ["member_space"]}, instead_of="identifier")

    def test_members_are_registered_and_let_in_by_the_code_of_their_letter(
        self, alpha: Caisse, beta: Caisse, browser_at: BrowserAt
    ) -> None:
        done = clients("alpha", GIVEN, "--activate")
        assert (done.refused, done.said.strip()) == (
            None,
            (
                "alpha : 3 client(s) inscrit(s), 0 dossier(s) corrigé(s), 0 inchangé(s), 3 accès ouvert(s),"
                " 3 première(s) connexion(s) en file"
            ),
        )
        with tenant_context(alpha):
            found = {each.number: each for each in Client.objects.filter(number__startswith="M-2")}
            sealed = User.objects.get(client__number="M-20001").identifier_sealed
            assert keyring().open(sealed, purpose="identifier") == "2870299126301"
        elodie, karim, aoife = (found[f"M-2000{n}"] for n in (1, 2, 3))
        assert elodie.postal_address == ["Résidence des Tilleuls", "3 rue du Moulin", "30000 Nîmes"]
        assert (karim.title, karim.postcode, str(karim.birth_date)) == ("sir", "75004", "1990-07-30")
        assert (aoife.country, aoife.language, aoife.birth_date) == ("Irlande", "en", None)
        assert len(sent(alpha, "activation_letter")) == 3
        typed = {"identifier": "2870299126301", "code": letter_codes(alpha)[0]}
        assert browser_at(ANNE.host).post(LETTER, typed).headers["Location"] == CHOOSE
        with tenant_context(beta):
            assert not Client.objects.filter(number__startswith="M-2").exists()

    def test_the_same_file_again_changes_nothing(self, alpha: Caisse) -> None:
        clients("alpha", GIVEN, "--activate")
        before = everything(alpha)
        again = clients("alpha", GIVEN, "--activate")
        assert (
            "0 client(s) inscrit(s), 0 dossier(s) corrigé(s), 3 inchangé(s), 0 accès ouvert(s)" in again.said
        )
        assert everything(alpha) == before

    def test_a_check_says_what_it_would_do_and_writes_nothing(self, alpha: Caisse) -> None:
        before = everything(alpha)
        said = clients("alpha", GIVEN, "--check").said
        assert "3 client(s) à inscrire, 0 dossier(s) à corriger, 0 inchangé(s), 3 accès à ouvrir" in said
        assert "Rien n’a été écrit." in said
        assert everything(alpha) == before

    def test_no_number_of_a_member_stands_in_the_journal_or_on_the_terminal(self, alpha: Caisse) -> None:
        said = clients("alpha", GIVEN, "--activate").said + clients("alpha", GIVEN).said
        with tenant_context(alpha):
            kept = str(list(Event.objects.values_list("subject", "details")))
        for secret in ("2870299126301", "2 87 02 99", "Vasseur", "elodie.vasseur", "Moulin", "39982001"):
            assert (secret in kept, secret in said) == (False, False)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"numero_client": ""}, "ligne 2 : numero_client : il manque"),
        ({"numero_client": "Zoé Sept"}, "ligne 2 : numero_client : ce n’est pas un numéro"),
        ({"nom": ""}, "ligne 2 (client M-1) : nom : il manque"),
        ({"nom": "--"}, "nom : commence comme une formule"),
        ({"nom": "1 2"}, "nom : ce n’est pas un nom"),
        ({"nom": "=HYPERLINK(A1)"}, "nom : commence comme une formule"),
        ({"prenom": "a" * 300}, "prenom : trop long, 80 signes au plus"),
        ({"prenom": "Zo\x00é"}, "prenom : un signe qui ne peut pas y être"),
        ({"civilite": "Dr"}, "civilite : Mme ou M. est attendu"),
        ({"langue": "de"}, "langue : fr ou en est attendu"),
        ({"date_naissance": "31/02/1960"}, "date_naissance : ce n’est pas une date"),
        ({"date_naissance": "2999-01-01"}, "date_naissance : cette date n’est pas celle d’une naissance"),
        ({"date_naissance": "21/10/60"}, "date_naissance : ce n’est pas une date"),
        ({"email": "zoe@"}, "email : ce n’est pas une adresse e-mail"),
        ({"email": f"{'z' * 300}@example.org"}, "email : trop long"),
        ({"mobile": "+44 7911 123456"}, "mobile : ce numéro n’est ni de France ni d’outre-mer"),
        ({"mobile": "01 44 61 64 00"}, "mobile : c’est le numéro d’un téléphone fixe"),
        ({"mobile": "6,39984545E+8"}, "mobile : ce n’est pas un numéro de téléphone"),
        ({"adresse_1": "a" * 39}, "adresse_1 : trop long, 38 signes au plus"),
        ({"code_postal": "3000"}, "code_postal : cinq chiffres sont attendus"),
        ({"ville": ""}, "ville : il manque à l’adresse"),
        ({"identifiant": ""}, "identifiant : il manque"),
        ({"identifiant": "123"}, "identifiant : "),
        ({"identifiant": ANNE.identifier}, "identifiant : un autre dossier a déjà cet identifiant"),
        ({"numero_client": "C-1"}, "ligne 2 (client C-1) : nom : le dossier de ce numéro porte un autre nom"),
    ],
)
def test_a_bad_line_is_named_and_nothing_of_the_file_is_written(
    alpha: Caisse, folder: Path, changes: dict[str, str], told: str
) -> None:
    before = everything(alpha)
    good = line(numero_client="M-2", email="", identifiant="1234567899")
    found = clients("alpha", lines(folder, line(**changes), good), "--activate")
    assert told in found.said
    assert (found.refused or "").endswith(": 1 ligne(s) refusée(s), nommées ci-dessus\nRien n’a été écrit.")
    assert everything(alpha) == before
    # Neither the line nor what is wrong with it says who it is of.
    for personal in (
        *(each for name, each in ZOE.items() if name in {"nom", "email", "identifiant"}),
        "HYPERLINK",
    ):
        assert personal not in found.said


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_file(alpha: Caisse, folder: Path) -> None:
    found = clients(
        "alpha",
        lines(folder, line(), line(numero_client="M-2"), line(), "M-4;trop peu", line(email="x", mobile="y")),
    )
    assert [each.strip() for each in found.said.splitlines()] == [
        "ligne 3 (client M-2) : identifiant : l’identifiant est celui de la ligne 2",
        "ligne 4 (client M-1) : numero_client : ce numéro est déjà à la ligne 2",
        "ligne 5 : 2 colonnes, 13 attendues",
        "ligne 6 (client M-1) : email : ce n’est pas une adresse e-mail",
        "ligne 6 (client M-1) : mobile : ce n’est pas un numéro de téléphone",
    ]
    assert "4 ligne(s) refusée(s)" in (found.refused or "")


@pytest.mark.parametrize(
    ("mobile", "kept"),
    [
        ("0692 12 34 56", "+262692123456"),
        ("+687 75 12 34", "+687751234"),
        ("+33 6 39 98 45 45", "+33639984545"),
    ],
)
def test_phones_of_overseas_are_taken(alpha: Caisse, folder: Path, mobile: str, kept: str) -> None:
    assert load(folder, mobile=mobile).refused is None
    assert zoe(alpha).mobile == kept
    with tenant_context(alpha):
        assert SmsDevice.objects.get(user__client__number="M-1").phone == kept


def test_a_changed_contact_goes_the_counter_s_way_and_both_addresses_are_told(
    by_link: Caisse, folder: Path
) -> None:
    load(folder, "--activate")
    epoch = zoe(by_link).user.session_epoch
    done = load(folder, mobile="06 39 98 46 46", email="zoe@nouveau.example.org")
    assert "1 dossier(s) corrigé(s)" in done.said
    found = zoe(by_link)
    assert (found.mobile, found.email) == ("+33639984646", "zoe@nouveau.example.org")
    assert found.user.session_epoch > epoch
    (event,) = journal(by_link, "account.contact_corrected")
    assert event.details == {"reason": "import", "what": ["email", "mobile"]}
    told = {each["to"] for each in sent(by_link, "contact_corrected")}
    assert {"zoe.sept@example.org", "+33639984545"} <= told
    with tenant_context(by_link):
        # The phone that receives codes stays; the link that went to the old address opens nothing.
        assert SmsDevice.objects.get(user=found.user).phone == "+33639984545"
        assert not AccessCode.objects.filter(user=found.user, expires_at__gt=event.at).exists()


def test_what_a_line_leaves_empty_stays_in_the_file(alpha: Caisse, folder: Path) -> None:
    load(folder)
    empty = dict.fromkeys(
        ("civilite", "date_naissance", "email", "mobile", "adresse_1", "code_postal", "ville"), ""
    )
    assert "1 inchangé(s)" in load(folder, **empty).said
    assert (zoe(alpha).email, zoe(alpha).town) == ("zoe.sept@example.org", "Nîmes")


def test_another_postal_address_voids_the_letter_that_was_on_its_way(alpha: Caisse, folder: Path) -> None:
    publish(alpha, {"activation": {"sends": ["letter_code"]}})
    load(folder, "--activate")
    done = load(folder, "--activate", adresse_1="3 rue du Moulin")
    assert "1 dossier(s) corrigé(s)" in done.said
    first, second = (
        letter_codes(alpha)[-2:] if len(letter_codes(alpha)) > 1 else ("", letter_codes(alpha)[-1])
    )
    assert first != second
    (event,) = journal(alpha, "client.file_changed")
    assert event.details == {"reason": "import", "what": ["address"]}
    with tenant_context(alpha):
        live = AccessCode.objects.filter(user=zoe(alpha).user, used_at=None, expires_at__gt=event.at)
        assert live.count() == 1


def test_a_number_that_was_given_to_somebody_else_is_refused(alpha: Caisse, folder: Path) -> None:
    load(folder)
    for changes, told in (
        ({"nom": "Huit"}, "porte un autre nom ou prénom"),
        ({"date_naissance": "21/10/1961"}, "a une autre date"),
        ({"identifiant": "1234567891"}, "se connecte avec un autre identifiant"),
    ):
        assert told in load(folder, **changes).said
    assert "1 inchangé(s)" in load(folder, nom="SEPT", prenom="zoe").said


def test_a_client_who_is_known_without_an_access_is_given_one(alpha: Caisse, folder: Path) -> None:
    register(alpha, "M-1")
    done = load(folder)
    assert "0 client(s) inscrit(s), 1 dossier(s) corrigé(s), 0 inchangé(s), 1 accès ouvert(s)" in done.said
    assert zoe(alpha).user.may_activate


def test_who_cannot_be_sent_anything_is_named_and_let_in_all_the_same(by_link: Caisse, folder: Path) -> None:
    done = load(folder, "--activate", email="")
    assert "ligne 2 (client M-1) : rien n’est parti pour la première connexion, pas d’e-mail" in done.said
    assert zoe(by_link).user.may_activate


def test_who_holds_a_link_that_has_lapsed_is_sent_another(
    by_link: Caisse, folder: Path, clock: Clock
) -> None:
    load(folder, "--activate")
    assert "0 première(s)" in load(folder, "--activate").said
    clock.move(hours=24, minutes=1)
    assert "1 première(s)" in load(folder, "--activate").said


def test_where_clients_sign_in_by_their_number_the_file_names_no_other(alpha: Caisse, folder: Path) -> None:
    publish(alpha, {"identifier": {"kind": "client_number"}}, instead_of="identifier")
    refused = load(folder, numero_client="200001").said
    assert "identifiant : laissez vide" in refused
    assert load(folder, numero_client="200001", identifiant="").refused is None
    assert "n’en a pas la forme" in load(folder, numero_client="M-1", identifiant="").said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("gamma", GIVEN), "aucune caisse « gamma »"),
        (("gie", GIVEN), "aucune caisse « gie »"),
        (("alpha", "nothing.csv"), "ne se lit pas"),
        (("alpha", Path(__file__).parent), "ne se lit pas"),
        (("alpha", __file__), "ce titre n’est pas connu"),
    ],
)
def test_what_is_no_caisse_or_no_file_is_refused(alpha: Caisse, words: tuple[Any, ...], why: str) -> None:
    refused = clients(*words).refused or ""
    assert why in refused
    assert "Rien n’a été écrit." in refused


def test_it_stops_where_somebody_wrote_meanwhile_and_goes_on_from_there(
    by_link: Caisse, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_clients, "BATCH", 2)
    file = lines(folder, *several(5))
    calls: list[Any] = []

    def meanwhile(batch: Any) -> Any:
        calls.append(batch)
        if len(calls) == 2:
            register(by_link, "C-9", identifier="1234567003")
        return standings_of(batch)

    monkeypatch.setattr(import_clients, "standings_of", meanwhile)
    stopped = clients("alpha", file)
    assert "arrêté à la ligne 4" in (stopped.refused or "")
    assert "ligne 5 (client M-3) : identifiant : un autre dossier a déjà cet identifiant" in stopped.said
    with tenant_context(by_link):
        assert Client.objects.filter(number__startswith="M-").count() == 2
        User.objects.filter(client__number="C-9").delete()
    monkeypatch.undo()
    assert "3 client(s) inscrit(s), 0 dossier(s) corrigé(s), 2 inchangé(s)" in clients("alpha", file).said


def test_a_long_file_shows_how_far_it_is(
    by_link: Caisse, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenant_apps.exchange.management.commands.clients.LONG", 2)
    monkeypatch.setattr(import_clients, "BATCH", 2)
    said = clients("alpha", lines(folder, *several(5))).said
    assert [each.strip() for each in said.splitlines() if "/" in each] == ["2/5", "4/5", "5/5"]


def test_each_line_costs_the_same_few_queries(by_link: Caisse, folder: Path) -> None:
    def asked(count: int, *, first: int) -> int:
        file = lines(folder, *several(first + count)[first:])
        with CaptureQueriesContext(connection) as queries:
            clients("alpha", file, "--activate")
        return len(queries)

    few, many = asked(2, first=0), asked(12, first=2)
    assert many - few <= 10 * 35
    with CaptureQueriesContext(connection) as queries:
        clients("alpha", lines(folder, *several(14)))
    assert len(queries) < 60


def test_the_counter_finds_who_was_imported(by_link: Caisse, folder: Path, browser_at: BrowserAt) -> None:
    load(folder)
    desk = put_in(browser_at(ANNE.host), by_link, user_of(by_link, kind=User.Kind.STAFF))
    page = desk.get(f"/agence/clients/{zoe(by_link).uuid}/").content.decode()
    assert "Client inscrit par un fichier importé" in page
    assert "1234567890" not in page
