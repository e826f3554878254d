"""What providers call. Answered without a session, before the rule of suspension: they say a thing once."""

import logging

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from guichet.web.own_address import own_address
from tenant_apps.messaging.note_return import note_arrival, note_return
from tenant_apps.messaging.read_callback import UnreadableError, UnsignedError, read_callback
from tenant_apps.messaging.send_again import NoSuchMessageError
from tenant_apps.messaging.unsigned import unsigned

log = logging.getLogger(__name__)


@csrf_exempt
@never_cache
@require_POST
def sms_returns(request: HttpRequest) -> HttpResponse:
    """204 for what is understood, news or not; 403 without the provider's signature, whatever it is about.

    Signed: 404 for a message that this caisse never sent, 400 for what cannot be read.
    """
    body, now = request.body, timezone.now()
    try:
        said = read_callback(
            address=own_address(request.get_full_path()),
            query=request.GET.dict(),
            headers=request.headers,
            fields=dict(request.POST.lists()),
            body=body,
        )
        if said.why is not None:
            note_return(reference=said.reference, why=said.why, now=now)
        elif said.arrived:
            note_arrival(reference=said.reference, with_recipient=said.with_recipient, now=now)
    except UnsignedError:
        unsigned.note(now=now)
        return HttpResponse(status=403)
    except UnreadableError:
        log.warning("what the SMS provider says cannot be read")
        return HttpResponse("unreadable\n", status=400, content_type="text/plain")
    except NoSuchMessageError:
        return HttpResponse("no such message\n", status=404, content_type="text/plain")
    return HttpResponse(status=204)
