"""The front door and the console: who is shown there, and to whom."""

from collections.abc import Callable

from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import User
from tenants.brand import load_theme
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.identity.steps import put_in, user_of
from tests.pawn.pledges import words
from tests.routes.visitors import suspended

FRONT, CONSOLE = "localhost", "gie.localhost"


def doors(browser: Browser, host: str = FRONT) -> list[tuple[str, str]]:
    return [(door["town"], door["url"]) for door in browser.get("/", HTTP_HOST=host).context["caisses"]]


def operator(browser_at: Callable[[str], Browser]) -> Browser:
    gie = caisse_of_schema(schema="gie")
    return put_in(browser_at(CONSOLE), gie, user_of(gie, kind=User.Kind.OPERATOR))


def states(console: Browser) -> dict[str, str]:
    rows = [row["caisse"] for row in console.get("/").context["rows"]]
    return {caisse.schema_name: caisse.state for caisse in rows}


def test_the_front_door_leads_to_each_caisse_and_not_to_the_gie(
    alpha: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    assert doors(browser_at(FRONT)) == [
        ("Alpha", "http://alpha.localhost/"),
        ("Beta", "http://beta.localhost/"),
    ]


def test_its_links_keep_the_port_of_the_address_bar_and_not_the_servers(alpha: Caisse) -> None:
    shown = doors(Browser(), host=f"{FRONT}:8000")
    assert shown[0] == ("Alpha", "http://alpha.localhost:8000/")
    behind_a_proxy = Browser().get("/", HTTP_HOST=FRONT, SERVER_PORT="8000", secure=True)
    assert behind_a_proxy.context["caisses"][0]["url"] == "https://alpha.localhost/"


def test_each_door_has_the_colour_of_its_caisse(alpha: Caisse, browser_at: Callable[[str], Browser]) -> None:
    answer = browser_at(FRONT).get("/")
    accents = {door["town"]: door["accent"] for door in answer.context["caisses"]}
    assert accents == {
        "Alpha": str(load_theme("warm").light["accent"]),
        "Beta": str(load_theme("heritage").light["accent"]),
    }
    assert all(f'fill="{accent}"' in answer.content.decode() for accent in accents.values())


def test_a_suspended_caisse_has_no_door_and_the_console_says_so(
    alpha: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    with suspended("beta"):
        assert [town for town, _ in doors(browser_at(FRONT))] == ["Alpha"]
        assert states(operator(browser_at)) == {"alpha": "active", "beta": "suspended", "gie": "active"}
    assert set(states(operator(browser_at)).values()) == {"active"}


def test_the_front_door_sets_no_session_and_knows_nobody(
    alpha: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    browser = browser_at(FRONT)
    answer = browser.get("/")
    assert "guichet_session" not in answer.cookies
    assert not hasattr(answer.wsgi_request, "session")
    assert not hasattr(answer.wsgi_request, "user")


def test_the_console_lists_the_caisses_and_nothing_of_their_clients(
    alpha: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    page = words(operator(browser_at).get("/"))
    for text in ("Caisse Alpha", "Caisse Beta", "alpha.localhost", "beta.localhost"):
        assert text in page
    with tenant_context(alpha):
        client = user_of(alpha).client
    assert client is not None
    assert client.email not in page
    assert client.greeting_name not in page
