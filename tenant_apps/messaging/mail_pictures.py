"""The pictures inside a mail, named in its HTML and drawn when it leaves: no message of the outbox carries them."""

import base64
import re
from collections.abc import Callable
from functools import lru_cache

from django.template.loader import render_to_string

from guichet.web.own_address import own_address
from tenant_apps.messaging.drawing.png import drawing_png, qr_png
from tenant_apps.messaging.transports import Picture
from tenants.brand import load_theme, palettes
from tenants.policy.current import current_policy

# Twice as large as it is shown.
_SIDE = 84
_NAMED = re.compile(r"cid:(\w+)@guichet")
_MARK, _ON_MARK = re.compile(r"var\(--mark[^\"]*"), re.compile(r"var\(--on-mark[^\"]*")


def pictures_of(html: str) -> tuple[Picture, ...]:
    """Those that the HTML names, each once, in the look of the current caisse."""
    names = dict.fromkeys(_NAMED.findall(html))
    return tuple(Picture(name=name, content=_PICTURES[name]()) for name in names)


def with_pictures_inside(html: str) -> str:
    """For a page that shows a mail: with `data:` addresses instead of parts."""
    inside = {each.name: base64.b64encode(each.content).decode() for each in pictures_of(html)}
    return _NAMED.sub(lambda found: f"data:image/png;base64,{inside[found[1]]}", html)


def _logo() -> bytes:
    """On the band, whose colour is the accent: turned round."""
    accent, on_accent = _accents()
    return _drawn(render_to_string("theme/logo.svg"), mark=on_accent, on_mark=accent)


def _person() -> bytes:
    accent, on_accent = _accents()
    return _drawn(render_to_string("messaging/mail/person.svg"), mark=accent, on_mark=on_accent)


def _portal() -> bytes:
    """The way to the space on a phone: its address alone, which opens nothing."""
    return _coded(own_address("/"))


_PICTURES: dict[str, Callable[[], bytes]] = {"logo": _logo, "person": _person, "portal": _portal}


def _accents() -> tuple[str, str]:
    look = current_policy().brand
    light = palettes(load_theme(look.theme), look.overrides).light
    return str(light["accent"]), str(light["on-accent"])


@lru_cache(maxsize=512)
def _drawn(svg: str, *, mark: str, on_mark: str) -> bytes:
    return drawing_png(_MARK.sub(mark, _ON_MARK.sub(on_mark, svg)), side=_SIDE)


@lru_cache(maxsize=512)
def _coded(address: str) -> bytes:
    return qr_png(address)
