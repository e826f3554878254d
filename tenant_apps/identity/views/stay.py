"""The answer to « Êtes-vous toujours là ? »."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guichet.web.freshness import prolong as prolong_session
from tenant_apps.identity.models import User


@never_cache
@require_POST
def prolong(request: HttpRequest) -> JsonResponse:
    """How many seconds are left; 401 to who is not in, or is not any more."""
    if not isinstance(request.user, User):
        return JsonResponse({}, status=401)
    stay = prolong_session(request)
    return JsonResponse({"idle": stay.idle, "absolute": stay.absolute})
