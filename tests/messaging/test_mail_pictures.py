"""The pictures inside a mail: named in its HTML, drawn when it leaves, and legible in both schemes."""

import io
import json
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as Mail
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core import mail
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context
from PIL import Image
from qrcode.main import QRCode

from guichet.tenancy.signing import keyring
from tenant_apps.messaging.deliver_message import deliver_message
from tenant_apps.messaging.mail_pictures import pictures_of, with_pictures_inside
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.rendering import PURPOSE
from tenant_apps.messaging.smtp import SmtpMail
from tenant_apps.messaging.transports import Attachment
from tenants.brand import Colour, contrast, theme_names
from tenants.models import Caisse
from tests.identity.steps import publish
from tests.identity.waiting import LINK, newcomer, send
from tests.messaging.conftest import envelope
from tests.world import ANNE

ALL = "".join(f'<img src="cid:{name}@guichet" alt="">' for name in ("logo", "person", "portal"))
TEXT = 4.5


@pytest.fixture
def html(alpha: Caisse) -> str:
    """Of the mail of a first connection."""
    publish(alpha, LINK)
    send(alpha, newcomer(alpha))
    with tenant_context(alpha):
        return html_of(Message.objects.get(kind="activation_link"))


def html_of(message: Message) -> str:
    found: str = json.loads(keyring().open(message.sealed, purpose=PURPOSE))["html"]
    return found


def parts(sent: Mail) -> Iterator[Mail]:
    return (part for part in sent.walk() if part.get_content_maintype() != "multipart")


def sent_mail(**more: Any) -> Mail:
    """As a server gets it."""
    SmtpMail().send(envelope(channel="mail", to="x@example.org", subject="x", text="x", **more))
    return message_from_bytes(mail.outbox[-1].message().as_bytes())


def test_each_picture_of_the_html_is_a_part_beside_it_and_no_file_that_came_with_the_mail(
    html: str, in_alpha: Caisse
) -> None:
    named = re.findall(r'src="cid:([^"]+)"', html)
    assert named == ["logo@guichet", "person@guichet", "portal@guichet"]
    sent = sent_mail(html=html, pictures=pictures_of(html))
    structure = [part.get_content_type() for part in sent.walk()]
    assert structure == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "image/png",
        "image/png",
    ]
    pictures = [part for part in parts(sent) if part.get_content_type() == "image/png"]
    assert [part["Content-ID"] for part in pictures] == [f"<{name}>" for name in named]
    assert {part.get_content_disposition() for part in pictures} == {"inline"}


def test_a_document_that_goes_with_a_mail_stands_outside_of_its_pictures(in_alpha: Caisse) -> None:
    piece = Attachment(name="recu.pdf", media_type="application/pdf", content=b"%PDF")
    sent = sent_mail(html=ALL, pictures=pictures_of(ALL), attachments=(piece,))
    assert [part.get_content_type() for part in sent.get_payload()] == [  # type: ignore[union-attr]  # of several parts
        "multipart/alternative",
        "application/pdf",
    ]


def test_the_pictures_are_drawn_as_the_mail_leaves_and_the_outbox_has_none(
    alpha: Caisse, html: str, settings: Any
) -> None:
    settings.MESSAGE_TRANSPORTS = {"mail": "tenant_apps.messaging.smtp.SmtpMail"}
    with tenant_context(alpha):
        message = Message.objects.get(kind="activation_link")
        assert (b"PNG" in bytes(message.sealed), "base64" in html) == (False, False)
        assert deliver_message(uuid=message.uuid, now=timezone.now()) == Message.State.SENT
    assert mail.outbox[-1].message().as_string().count("image/png") == 3


@pytest.mark.parametrize("theme", sorted(theme_names()))
def test_they_are_small_and_sharp_in_every_theme(alpha: Caisse, theme: str) -> None:
    publish(alpha, {"brand": {"theme": theme}})
    with tenant_context(alpha):
        pictures = pictures_of(ALL)
    assert sum(len(each.content) for each in pictures) < 6_000
    for each in pictures[:2]:
        picture = Image.open(io.BytesIO(each.content)).convert("RGBA")
        assert picture.size == (84, 84)
        assert len(picture.getcolors() or ()) > 2


def test_the_code_leads_to_the_space_and_holds_no_secret(alpha: Caisse, beta: Caisse, html: str) -> None:
    for caisse, host in ((alpha, "alpha.localhost"), (beta, "beta.localhost")):
        with tenant_context(caisse):
            (code,) = pictures_of('<img src="cid:portal@guichet">')
        expected: QRCode[Any] = QRCode(border=4)
        expected.add_data(f"http://{host}:8000/")
        rows = expected.get_matrix()
        drawn = Image.open(io.BytesIO(code.content)).convert("L")
        square = drawn.width // len(rows)
        seen = [
            [drawn.getpixel((x * square + 1, y * square + 1)) == 0 for x in range(len(rows))]
            for y in range(len(rows))
        ]
        assert seen == rows
    assert "http://alpha.localhost:8000/" in re.findall(r'alt="([^"]*)"', html)[-1]


def test_the_demo_shows_them_without_asking_anybody_for_anything(
    alpha: Caisse, html: str, settings: Any
) -> None:
    settings.MESSAGE_TRANSPORTS = {"mail": "tenant_apps.demo.transport.Mailbox"}
    with tenant_context(alpha):
        message = Message.objects.get(kind="activation_link")
        deliver_message(uuid=message.uuid, now=timezone.now())
    page = Browser(HTTP_HOST=ANNE.host).get(f"/demo/messages/{message.uuid}/")
    assert page.content.decode().count('src="data:image/png;base64,') == 3
    assert "cid:" not in page.content.decode()
    assert "img-src data:" in page.headers["Content-Security-Policy"]


class Reader(HTMLParser):
    """What each text of a mail is written in and on, by the styles of its elements and by rules over them."""

    EMPTY = frozenset({"meta", "br", "img", "link"})

    def __init__(self, rules: list[tuple[list[str], str, str]]) -> None:
        super().__init__()
        self.rules = rules
        self.open: list[tuple[str, dict[str, str]]] = [("", {})]
        self.pairs: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.EMPTY:
            return
        style, found = dict(attrs).get("style") or "", dict(self.open[-1][1])
        for name in ("background", "color"):
            if own := re.search(rf"(?:^|[;\s]){name}:\s*(#\w{{6}})", style):
                found[name] = own[1]
        rules = sorted(self.rules, key=lambda rule: len(rule[0]))
        found |= {name: value for needles, name, value in rules if all(each in style for each in needles)}
        if "display:none" in style:
            found["hidden"] = "yes"
        self.open.append((tag, found))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        tag, found = self.open[-1]
        if data.strip() and tag not in {"title", "style"} and "hidden" not in found:
            self.pairs.add((found["color"], found["background"]))


def pairs(html: str, *, dark: bool) -> set[tuple[str, str]]:
    (block,) = re.findall(r"@media \(prefers-color-scheme:dark\)\{(.*)\}</style>", html)
    rules = [
        (re.findall(r'style\*="([^"]+)"', selector), name, value)
        for selector, name, value in re.findall(r"((?:\[[^\]]+\])+)\{([\w-]+):(#\w{6})!important\}", block)
    ]
    assert len(rules) == 11
    reader = Reader(rules if dark else [])
    reader.feed(re.sub(r"<!--.*?-->|<!DOCTYPE[^>]*>", "", html, flags=re.DOTALL))
    return reader.pairs


@pytest.mark.parametrize("theme", sorted(theme_names()))
@pytest.mark.parametrize("dark", [False, True])
def test_every_text_of_the_mail_can_be_read_in_both_schemes(alpha: Caisse, theme: str, *, dark: bool) -> None:
    publish(alpha, {**LINK, "brand": {"theme": theme}})
    send(alpha, newcomer(alpha))
    with tenant_context(alpha):
        html = html_of(Message.objects.get(kind="activation_link"))
    found = pairs(html, dark=dark)
    assert len(found) >= 4
    if dark:
        assert not found & pairs(html, dark=False)
    weak = [(ink, on) for ink, on in found if contrast(Colour.parse(ink), Colour.parse(on)) < TEXT]
    assert weak == []


def test_a_page_that_names_no_picture_stays_as_it_is(in_alpha: Caisse) -> None:
    assert (with_pictures_inside("<p>x</p>"), pictures_of("<p>x</p>")) == ("<p>x</p>", ())
