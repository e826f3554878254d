"""What stands beside one's second factors on « Ma sécurité »: recovery codes and trusted devices."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from guichet.web.proxies import client_address
from tenant_apps.identity.access import signed_in
from tenant_apps.identity.acts import Act
from tenant_apps.identity.open_sessions import this_session
from tenant_apps.identity.renew_codes import RENEW, renew_codes
from tenant_apps.identity.trusted_devices import end_trust
from tenant_apps.identity.views.own_devices import confirmed, let_go
from tenant_apps.identity.views.own_space import own_page, own_rules, own_space, show


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed(RENEW)
def renew_recovery_codes(request: HttpRequest, act: Act) -> HttpResponse:
    """A button, then the codes: this answer is the only one that holds them."""
    if request.method == "POST":
        with this_session(request) as owner:
            codes = renew_codes(user=owner, act=act, policy=own_rules(owner), now=timezone.now())
        let_go(request)
        return show(request, "identity/security/recovery_codes.html", {"codes": codes})
    return show(request, "identity/security/recovery_codes.html", {})


@never_cache
@require_POST
@own_space
def end_trusted(request: HttpRequest) -> HttpResponse:
    """That browser is asked for the second step again; which one stands in the form."""
    try:
        which = uuid.UUID(request.POST.get("device", ""))
    except ValueError as error:
        raise Http404 from error
    user = signed_in(request)
    ended = end_trust(user=user, uuid=which, address=client_address(request), now=timezone.now())
    return own_page(request, "overview", done="confiance" if ended else "")
