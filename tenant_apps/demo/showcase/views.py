"""The page of components, and the look of any theme for it."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from guichet.web.brand import (
    Brand,
    brand_of_theme,
    current_brand,
    drawn,
    picture_response,
    stylesheet_response,
)
from guichet.web.themes import in_theme
from tenant_apps.demo.showcase.samples import Tab, samples
from tenants.brand import load_theme, theme_names


@dataclass(frozen=True, slots=True)
class ShownBrand:
    """A brand at the addresses of this page: those of the caisse answer for its own look alone."""

    brand: Brand

    @property
    def menu(self) -> str:
        return self.brand.menu

    @property
    def stylesheet_url(self) -> str:
        return reverse("components_stylesheet", kwargs={"digest": self.brand.digest})

    @property
    def picture_url(self) -> str:
        return reverse("components_picture", kwargs={"digest": self.brand.digest})


@never_cache
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """`?theme=` chooses the look; without it, the caisse's own theme."""
    theme = request.GET.get("theme") or current_brand().theme
    if theme not in theme_names():
        raise Http404
    with in_theme(theme):
        context = {**samples(), "brand": ShownBrand(brand_of_theme(theme)), "themes": _themes(theme)}
        return render(request, "demo/components.html", context)


@require_safe
@gzip_page
def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """Of any theme, under the digest that names it."""
    return stylesheet_response(_of_digest(digest))


@require_safe
@gzip_page
@drawn  # type: ignore[arg-type]  # its stub knows views without arguments only
def picture(request: HttpRequest, digest: str) -> HttpResponse:
    """As the stylesheet."""
    return picture_response(_of_digest(digest))


def _themes(current: str) -> list[Tab]:
    return [
        Tab(load_theme(name).title, f"{reverse('components')}?theme={name}", is_current=name == current)
        for name in theme_names()
    ]


def _of_digest(digest: str) -> Brand:
    for name in theme_names():
        brand = brand_of_theme(name)
        if brand.digest == digest:
            return brand
    raise Http404
