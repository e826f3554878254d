"""The look of a caisse: its stylesheet and its drawing, under a name made from their content."""

from dataclasses import dataclass
from functools import lru_cache

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from tenants.brand import Menu, digest, load_theme, picture, stylesheet
from tenants.policy.current import current_policy
from tenants.policy.sections.brand import BrandSection

FOR_EVER = "public, max-age=31536000, immutable"
# A drawing's colours stand in a style of its own.
drawn = csp_replace({"style-src": [UNSAFE_INLINE]})


@dataclass(frozen=True, slots=True)
class Brand:
    """What a template needs of the look."""

    theme: str
    menu: Menu
    css: str
    picture: str
    digest: str

    @property
    def stylesheet_url(self) -> str:
        return reverse("brand", kwargs={"digest": self.digest})

    @property
    def picture_url(self) -> str:
        return reverse("brand_picture", kwargs={"digest": self.digest})


def current_brand() -> Brand:
    return brand_of(current_policy().brand)


def brand_of(look: BrandSection) -> Brand:
    return _brand(look.theme, tuple(sorted(look.overrides.items())))


def brand_of_theme(name: str) -> Brand:
    """A theme as nobody has changed it. Raises UnknownThemeError."""
    return _brand(name, ())


@lru_cache(maxsize=512)
def _brand(name: str, overrides: tuple[tuple[str, str], ...]) -> Brand:
    theme, own = load_theme(name), dict(overrides)
    css, drawing = stylesheet(theme, own), picture(theme, own)
    return Brand(theme=name, menu=theme.menu, css=css, picture=drawing, digest=digest(css + drawing))


@require_safe
@gzip_page
def brand_stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """Immutable: another look has another address. A digest that is not this caisse's is not found."""
    return stylesheet_response(_asked(digest))


@require_safe
@gzip_page
@drawn  # type: ignore[arg-type]  # its stub knows views without arguments only
def brand_picture(request: HttpRequest, digest: str) -> HttpResponse:
    """As the stylesheet."""
    return picture_response(_asked(digest))


def stylesheet_response(brand: Brand) -> HttpResponse:
    return _immutable(brand.css, "text/css; charset=utf-8")


def picture_response(brand: Brand) -> HttpResponse:
    return _immutable(brand.picture, "image/svg+xml; charset=utf-8")


def _asked(name: str) -> Brand:
    brand = current_brand()
    if name != brand.digest:
        raise Http404
    return brand


def _immutable(text: str, kind: str) -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    response["Cache-Control"] = FOR_EVER
    return response
