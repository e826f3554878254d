"""A session ends after some time without activity, and after some time in all, by the policy."""

import time
from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from guichet.web.caisse_only import at_front_door
from tenants.policy.current import current_policy
from tenants.policy.staff import staff_policy

BEGUN, SEEN = "guichet_begun", "guichet_seen"
# Set at the sign-in of a caisse's own people, whose rules are not those of its clients.
STAFF_RULES = "guichet_staff"
# Writing the last activity at each request would cost an UPDATE a page.
GRAIN_SECONDS = 20


class SessionAgeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not at_front_door(request) and "_auth_user_id" in request.session:
            now = int(time.time())
            if _too_old(request, now):
                logout(request)
            elif now - request.session.get(SEEN, 0) >= GRAIN_SECONDS:
                request.session.setdefault(BEGUN, now)
                request.session[SEEN] = now
        return self.get_response(request)


def _too_old(request: HttpRequest, now: int) -> bool:
    policy = current_policy()
    limits = (staff_policy(policy) if request.session.get(STAFF_RULES) else policy).session
    begun, seen = request.session.get(BEGUN, now), request.session.get(SEEN, now)
    idle, absolute = limits.idle.total_seconds(), limits.absolute.total_seconds()
    return bool(now - seen > idle or now - begun > absolute)
