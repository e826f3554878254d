"""What payment providers call. Answered without a session, before the rule of suspension: money is never lost to it."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tenant_apps.payments.providers.choice import provider_named
from tenant_apps.payments.providers.port import NoProviderError, UnreadableError, UnsignedError
from tenant_apps.payments.services.forged import note_forged
from tenant_apps.payments.services.take_event import take_event

log = logging.getLogger(__name__)


@csrf_exempt
@never_cache
@require_POST
def payment_returns(request: HttpRequest, provider: str) -> HttpResponse:
    """204 for what is taken, news or not; 403 without the provider's signature; 400 for what cannot be read.

    A failure of ours answers 500, and the provider says it again. A caisse that offers no more payments still takes
    what its provider says of those it had.
    """
    try:
        adapter = provider_named(provider)
    except NoProviderError as error:
        raise Http404 from error
    now = timezone.now()
    try:
        event = adapter.read(headers=request.headers, body=request.body, now=now)
    except UnsignedError:
        note_forged(now=now)
        return HttpResponse(status=403)
    except UnreadableError:
        log.warning("what the payment provider says cannot be read")
        return HttpResponse("unreadable\n", status=400, content_type="text/plain")
    take_event(provider=provider, event=event, now=now)
    return HttpResponse(status=204)
