"""The pages that the law wants, and the choice of language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from guichet.web.language import remember_language


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it wherever a page names no icon of its own: a mail shown alone, a file."""
    return HttpResponseRedirect(static("guichet/mark.svg"))


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/legal.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remembers the language, and goes back to the page of this very host that asked."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    response = HttpResponseRedirect(wanted if safe else "/")
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        remember_language(response, language=chosen)
    return response
