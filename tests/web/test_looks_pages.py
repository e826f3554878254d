"""What every page of the running site has: one heading, a way past the menu, its language, no inline style."""

import gzip
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string
from django.test import Client as Browser
from django.utils.translation import override
from django_tenants.utils import tenant_context

from guichet.web.brand import current_brand
from tenants.models import Caisse
from tests.world import ANNE

Opener = Callable[[str], Browser]


class Outline(HTMLParser):
    """What matters of a page's structure."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


CAISSE = ["/connexion/", "/mentions-legales/", "/donnees-personnelles/", "/accessibilite/", "/demo/messages/"]
FRONT = ["/", "/mentions-legales/", "/donnees-personnelles/", "/accessibilite/"]
PAGES = [(ANNE.host, path, 200) for path in CAISSE] + [("localhost", path, 200) for path in FRONT]
PAGES += [(host, "/nulle-part/", 404) for host in (ANNE.host, "localhost", "nobody.localhost")]


@pytest.mark.parametrize(("host", "path", "status"), PAGES)
def test_a_page_has_one_heading_a_language_and_a_way_to_its_content(
    host: str, path: str, status: int, alpha: Caisse, browser_at: Opener
) -> None:
    answer = browser_at(host).get(path)
    assert answer.status_code == status
    page = Outline(answer.content.decode())
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert page.all("html")[0]["lang"] == "fr"
    assert [link["href"] for link in page.all("a")][:1] in ([], [f"#{page.all('main')[0].get('id')}"])


@pytest.mark.parametrize(("host", "path", "status"), PAGES)
def test_a_page_has_no_inline_style_or_script_and_calls_no_other_site(
    host: str, path: str, status: int, alpha: Caisse, browser_at: Opener
) -> None:
    answer = browser_at(host).get(path)
    assert answer.status_code == status
    page = Outline(answer.content.decode())
    assert not page.all("style")
    assert not [attributes for _, attributes in page.tags if "style" in attributes]
    assert all(script["src"] for script in page.all("script"))
    called = [
        each.get("href") or each.get("src") or ""
        for each in page.all("link") + page.all("script") + page.all("img")
    ]
    assert called
    assert all(address.startswith("/") and not address.startswith("//") for address in called)


def test_the_brand_stylesheet_of_a_page_answers(alpha: Caisse, browser_at: Opener) -> None:
    browser = browser_at(ANNE.host)
    page = Outline(browser.get("/connexion/").content.decode())
    [address] = [href for link in page.all("link") if "/marque/" in (href := link["href"] or "")]
    answer = browser.get(address)
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert b"--accent:" in answer.content


def test_the_drawing_of_the_entrance_answers_and_brings_its_colours(
    alpha: Caisse, browser_at: Opener
) -> None:
    browser = browser_at(ANNE.host)
    page = Outline(browser.get("/connexion/").content.decode())
    [drawing] = [image for image in page.all("img") if "/marque/" in (image["src"] or "")]
    assert drawing["alt"] == ""
    assert drawing["loading"] == "lazy"
    answer = browser.get(drawing["src"] or "")
    assert answer.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "style-src 'unsafe-inline'" in answer.headers["Content-Security-Policy"]
    text = answer.content.decode()
    read, given = re.findall(r"var\(--([a-z-]+)\)", text), re.findall(r"--([a-z-]+):#", text)
    assert set(given) == set(read) != set()
    assert "prefers-color-scheme:dark" in text


@pytest.mark.parametrize("kind", ["css", "svg"])
def test_the_look_travels_compressed_to_whom_can_read_it(
    kind: str, alpha: Caisse, browser_at: Opener
) -> None:
    with tenant_context(alpha):
        brand = current_brand()
    address = brand.stylesheet_url if kind == "css" else brand.picture_url
    plain = browser_at(ANNE.host).get(address)
    small = browser_at(ANNE.host).get(address, HTTP_ACCEPT_ENCODING="gzip")
    assert gzip.decompress(small.content) == plain.content
    assert len(small.content) < len(plain.content) / 2


def test_the_menu_of_a_visitor_takes_no_room(alpha: Caisse, browser_at: Opener) -> None:
    page = Outline(browser_at(ANNE.host).get("/mentions-legales/").content.decode())
    assert page.all("body") == [{"class": "sheet"}]


def test_an_error_is_said_on_top_with_a_link_and_beside_its_field(alpha: Caisse, browser_at: Opener) -> None:
    text = browser_at(ANNE.host).post("/connexion/", {"identifier": "", "secret": ""}).content.decode()
    page = Outline(text)
    [summary] = [each for each in page.all("div") if each.get("role") == "alert"]
    assert summary["tabindex"] == "-1"
    assert {"#id_identifier", "#id_secret"} <= {link.get("href") for link in page.all("a")}
    fields = {each["id"]: each for each in page.all("input") if each.get("id")}
    for name in ("identifier", "secret"):
        assert f"id_{name}_error" in (fields[f"id_{name}"]["aria-describedby"] or "")
        assert f'id="id_{name}_error"' in text
    assert re.search(r"<title>\s*Erreur", text)


def test_a_password_manager_knows_the_fields(alpha: Caisse, browser_at: Opener) -> None:
    page = Outline(browser_at(ANNE.host).get("/connexion/").content.decode())
    fields = {each["id"]: each["autocomplete"] for each in page.all("input") if each.get("id")}
    assert fields == {"id_identifier": "username", "id_secret": "current-password"}


def test_the_language_button_speaks_the_other_language(alpha: Caisse, browser_at: Opener) -> None:
    text = browser_at(ANNE.host).get("/connexion/").content.decode()
    assert re.search(r'<button class="link" lang="en">\s*English\s*</button>', text)
    with override("en"):
        assert 'lang="fr">Français' in "".join(render_to_string("components/language.html").split("\n"))


@pytest.mark.parametrize("name", ["errors/500.html", "errors/404_bare.html"])
def test_the_last_pages_need_neither_database_nor_caisse(name: str) -> None:
    page = render_to_string(name)
    assert "<h1>" in page
    assert "Alpha" not in page
    assert all("/static/" in (link["href"] or "") for link in Outline(page).all("link"))
