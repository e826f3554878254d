"""Finding a client: by names however they are typed, by number, by identifier; and nothing typed is left anywhere."""

import logging

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import User
from tenants.models import Caisse
from tests.desk.counter import DESK, find, register, search, words
from tests.identity.steps import publish
from tests.world import ANNE

NIR = "2951099126111"


@pytest.fixture
def people(alpha: Caisse) -> Caisse:
    register(alpha, "C-20", first="Jean-Marc", last="D’Œillé-Lefèvre", identifier="1000000020")
    register(alpha, "C-21", first="Marc", last="Jeanson")
    register(alpha, "C-22", first="Élodie", last="Martin")
    return alpha


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("martin", ["C-22"]),
        ("MARTIN", ["C-22"]),
        ("mar", ["C-20", "C-21", "C-22"]),
        ("élodie martin", ["C-22"]),
        ("Martin Elodie", ["C-22"]),
        ("mar elo", ["C-22"]),
        ("elo mar", ["C-22"]),
        ("jean marc", ["C-20", "C-21"]),
        ("lefevre", ["C-20"]),
        ("d'oeille", ["C-20"]),
        ("Œillé", ["C-20"]),
        ("jean-marc", ["C-20", "C-21"]),
        ("artin", []),
        ("martin jean", []),
    ],
)
def test_names_are_found_by_the_beginning_of_each_word_in_any_order(
    people: Caisse, desk: Browser, typed: str, numbers: list[str]
) -> None:
    assert find(desk, typed) == numbers


@pytest.mark.parametrize("typed", ["C-20", "c-20", "C20", "c 20", " C-20 ", "C–20"])
def test_a_client_number_is_found_as_it_is_printed_or_bare(people: Caisse, desk: Browser, typed: str) -> None:
    assert find(desk, typed) == ["C-20"]


@pytest.mark.parametrize("typed", ["1000000020", "10 0000 0020", "10.00.00.00.20", "１０００００００20"])
def test_an_identifier_is_found_in_all_the_forms_that_the_policy_takes(
    people: Caisse, desk: Browser, typed: str
) -> None:
    assert find(desk, typed) == ["C-20"]


@pytest.mark.parametrize("typed", ["100000002", "10000000200", "9999999999"])
def test_a_part_of_an_identifier_finds_nobody(people: Caisse, desk: Browser, typed: str) -> None:
    assert find(desk, typed) == []


def test_a_member_of_staff_is_not_found_as_a_client(people: Caisse, desk: Browser) -> None:
    publish(people, {"identifier": {"kind": "email"}}, instead_of="identifier")
    assert find(desk, f"agent@{people.schema_name}.example.org") == []


def test_nobody_of_the_other_caisse_is_found(
    people: Caisse, beta: Caisse, desk: Browser, other_desk: Browser
) -> None:
    register(beta, "B-1", first="Élodie", last="Martin", identifier="1000000021")
    assert find(desk, "martin") == ["C-22"]
    assert find(desk, "1000000021") == []
    assert find(other_desk, "martin") == ["B-1"]
    assert find(other_desk, "C-20") == []


def test_a_card_tells_two_people_of_one_name_apart(alpha: Caisse, desk: Browser) -> None:
    page = words(search(desk, "alpha"))
    for text in ("1 client trouvé", "Alpha Prénom", "C-1", "1er janvier 1980"):
        assert text in page
    assert ANNE.phone[-9:] not in page
    assert "client@alpha" not in page


def test_no_more_than_twenty_five_are_shown_and_the_page_says_to_refine(alpha: Caisse, desk: Browser) -> None:
    for number in range(25):
        register(alpha, f"D-{number:02}", first=f"Prénom{number}", last="Durand")
    page = words(search(desk, "durand"))
    assert "25 clients trouvés" in page
    assert "Affinez" not in page
    register(alpha, "D-25", last="Durand")
    answer = search(desk, "durand")
    assert len(answer.context["clients"]) == 25
    page = words(answer)
    assert "Plus de 25 clients trouvés" in page
    assert "Affinez" in page


def test_whoever_the_number_names_comes_first(alpha: Caisse, desk: Browser) -> None:
    register(alpha, "ROY", last="Zed")
    register(alpha, "C-30", last="Roy")
    assert find(desk, "roy") == ["ROY", "C-30"]


def test_thirty_clients_ask_no_more_of_the_database_than_three(alpha: Caisse, desk: Browser) -> None:
    counts = set()
    for upto in (3, 30):
        for number in range(upto):
            register(alpha, f"D-{number:02}", last="Durand", identifier=f"10000001{number:02}")
        desk.post(DESK, {"words": "durand"})
        with CaptureQueriesContext(connection) as queries:
            desk.post(DESK, {"words": "durand"})
        counts.add(len(queries))
    assert len(counts) == 1
    # Three of them look for clients; the others are those of the session, and of what it keeps of the search.
    assert counts.pop() <= 10


def test_who_is_found_is_told_what_to_do_and_so_is_who_finds_nobody(alpha: Caisse, desk: Browser) -> None:
    assert "Cherchez la personne" in words(desk.get(DESK))
    page = words(search(desk, "personne-de-ce-nom"))
    assert "Aucun client trouvé" in page
    assert "Vérifiez l’orthographe" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Saisissez un nom, un numéro de client ou un identifiant."),
        ("   ", "Saisissez un nom, un numéro de client ou un identifiant."),
        ("a" * 300, "C’est trop long"),
        ("1" * 300, "C’est trop long"),
        ("alpha\x00", "un caractère qui ne peut pas y être"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_in_words(desk: Browser, typed: str, said: str) -> None:
    answer = desk.post(DESK, {"words": typed})
    assert answer.status_code == 200
    assert said in words(answer)
    assert "clients" not in answer.context


@pytest.mark.parametrize(
    "typed",
    [
        "%",
        "_",
        "%%%%",
        "a%",
        "al_ha",
        "%alpha",
        "*",
        "alpha:*",
        "| alpha",
        "!alpha & b",
        "' OR 1=1 --",
        "\\",
        ":*",
    ],
)
def test_a_sign_of_a_query_language_is_no_wildcard(alpha: Caisse, desk: Browser, typed: str) -> None:
    register(alpha, "X-1", first="Xavier", last="Xu")
    assert find(desk, typed) in ([], ["C-1"])
    assert "X-1" not in find(desk, typed)


def test_a_bare_wildcard_finds_nobody_at_all(desk: Browser) -> None:
    assert [found for typed in ("%", "_", "%_%", "*", "…", "’") for found in find(desk, typed)] == []


@pytest.mark.parametrize("typed", ["\u202ealpha", "al\u200bpha", "\ufeffalpha\u202c"])
def test_an_invisible_mark_that_came_with_pasted_text_does_no_harm(desk: Browser, typed: str) -> None:
    assert find(desk, typed) == ["C-1"]


def test_what_was_typed_goes_no_further_than_the_request(people: Caisse, desk: Browser) -> None:
    """Neither into the address of the list, nor into the session, nor onto the page."""
    typed = "martin <elodie>"
    answer = desk.post(DESK, {"words": typed})
    assert answer.status_code == 302
    assert "martin" not in answer.headers["Location"].lower()
    with tenant_context(people):
        assert "martin" not in str(dict(desk.session.items())).lower()
    page = words(desk.get(answer.headers["Location"]))
    assert "Martin Élodie" in page
    assert "&lt;" not in page


def test_back_and_reload_bring_each_list_again_and_nobody_else_has_it(
    people: Caisse, desk: Browser, other_desk: Browser
) -> None:
    first = desk.post(DESK, {"words": "martin"}).headers["Location"]
    second = desk.post(DESK, {"words": "jeanson"}).headers["Location"]
    for _ in range(2):
        assert "Martin Élodie" in words(desk.get(first))
        assert "Jeanson Marc" in words(desk.get(second))
    assert "Cherchez la personne" in words(other_desk.get(first))
    for _ in range(5):
        desk.post(DESK, {"words": "jeanson"})
    assert "Cherchez la personne" in words(desk.get(first))


def test_an_address_searches_nothing(people: Caisse, desk: Browser) -> None:
    """A name or an identifier in an address would stay in histories, logs and referrers."""
    answer = desk.get(DESK, {"words": "martin"})
    assert "clients" not in answer.context
    assert "C-22" not in words(answer)


def test_the_search_form_is_posted_to_the_page_itself(desk: Browser) -> None:
    page = words(desk.get(DESK))
    assert f'<form class="card find" method="post" action="{DESK}" role="search"' in page
    assert 'method="get"' not in page


def test_the_list_is_kept_by_no_cache(desk: Browser) -> None:
    assert "no-store" in search(desk, "alpha").headers["Cache-Control"]


@pytest.fixture
def mutual(alpha: Caisse) -> Caisse:
    """Alpha as a mutual, whose members sign in with their NIR."""
    register(alpha, "M-1", first="Nina", last="Membre")
    publish(
        alpha,
        {
            "identifier": {"kind": "nir"},
            "activation": {"sends": ["letter_code"]},
            "caisse": {"body": "mutual"},
        },
        instead_of="identifier",
    )
    return alpha


@pytest.mark.parametrize("typed", [NIR, "2 95 10 99 126 111 93", "295 109 912 611 1"])
def test_a_nir_is_found_and_stands_in_no_statement_and_no_log(
    mutual: Caisse, desk: Browser, typed: str, caplog: pytest.LogCaptureFixture
) -> None:
    register(mutual, "M-2", first="Paul", last="Membre", identifier=NIR)
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as queries:
        assert find(desk, typed) == ["M-2"]
    bare = typed.replace(" ", "")
    for text in [caplog.text.replace(" ", ""), *(query["sql"].replace(" ", "") for query in queries)]:
        assert NIR not in text
        assert bare not in text


@pytest.mark.parametrize("typed", ["295109912611", "2951099126112 00", "29510991261119999", "2a51099126111"])
def test_a_nir_badly_typed_is_not_handed_on_either(mutual: Caisse, desk: Browser, typed: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert find(desk, typed) == []
    bare = typed.replace(" ", "").upper()
    assert not [query["sql"] for query in queries if bare in query["sql"].replace(" ", "").upper()]


def test_a_mutual_s_members_are_found_by_name_and_number_too(mutual: Caisse, desk: Browser) -> None:
    assert find(desk, "membre nina") == ["M-1"]
    assert find(desk, "m-1") == ["M-1"]


def test_the_band_says_whose_side_it_is_and_who_is_in(alpha: Caisse, desk: Browser) -> None:
    page = words(desk.get(DESK))
    assert "Espace de l’agence" in page
    assert 'href="/agence/securite/">Agent<' in page
    assert "Se déconnecter" in page


def test_the_foot_and_the_errors_lead_back_to_the_counter(alpha: Caisse, desk: Browser) -> None:
    for path in ("/mentions-legales/", "/nulle-part/"):
        page = words(desk.get(path))
        assert f'href="{DESK}"' in page
        assert 'class="brand" href="/"' not in page


def test_signing_out_leaves_the_counter(alpha: Caisse, desk: Browser) -> None:
    desk.post("/deconnexion/")
    assert desk.get(DESK).headers["Location"] == f"/agence/connexion/?next={DESK}"


def test_a_member_of_staff_who_is_shut_out_is_out_at_once(alpha: Caisse, desk: Browser) -> None:
    with tenant_context(alpha):
        User.objects.filter(kind=User.Kind.STAFF).update(is_active=False)
    assert desk.get(DESK).status_code == 302
