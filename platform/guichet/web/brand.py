"""The brand stylesheet of a caisse, under a name made from its content."""

from dataclasses import dataclass
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from tenants.brand import digest, load_theme, stylesheet
from tenants.policy.current import current_policy

FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Brand:
    """What a template needs of the look."""

    theme: str
    css: str
    digest: str

    @property
    def stylesheet_url(self) -> str:
        return reverse("brand", kwargs={"digest": self.digest})


def current_brand() -> Brand:
    look = current_policy().brand
    return _brand(look.theme, tuple(sorted(look.overrides.items())))


@lru_cache(maxsize=512)
def _brand(theme: str, overrides: tuple[tuple[str, str], ...]) -> Brand:
    css = stylesheet(load_theme(theme), dict(overrides))
    return Brand(theme=theme, css=css, digest=digest(css))


@require_safe
def brand_stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """Immutable: another look has another address. A digest that is not this caisse's is not found."""
    brand = current_brand()
    if digest != brand.digest:
        raise Http404
    response = HttpResponse(brand.css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_EVER
    return response
