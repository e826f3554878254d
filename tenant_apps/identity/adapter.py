"""allauth's adapter: our stages, our addresses, one host."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from guichet.web.freshness import BEGUN, SEEN, STAFF_RULES
from guichet.web.language import remember_language
from guichet.web.proxies import client_address
from tenant_apps.identity.access import landing_of, sign_in_page, signed_in
from tenant_apps.identity.known_browser import remember
from tenant_apps.identity.models import User
from tenant_apps.identity.notices import tell_of_unknown_browser
from tenant_apps.identity.open_sessions import note_session
from tenant_apps.identity.realms import STAFF
from tenant_apps.journal.record import record

PREVIOUS_SIGN_IN = "previous_sign_in"
DONE = "sign_in.done"


class AccountAdapter(DefaultAccountAdapter):
    """The sign-in pipeline of a caisse."""

    def get_login_stages(self) -> list[str]:
        return [
            "tenant_apps.identity.own_secret_stage.OwnSecretStage",
            "tenant_apps.identity.stages.EnrolmentStage",
            "tenant_apps.identity.stages.SecondFactorStage",
            "tenant_apps.identity.recovery_codes_stage.RecoveryCodesStage",
            "tenant_apps.identity.terms_stage.TermsStage",
        ]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(landing_of(signed_in(request)))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """This very host only: the library would trust every host that the platform serves."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()})

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """allauth's own notices are not shown: the screens say what happened."""

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        previous = user.last_login
        super().login(request, user)
        # From the sign-in on, and not from the first page after it, which may come hours later.
        begun = int(timezone.now().timestamp())
        request.session.update({BEGUN: begun, SEEN: begun, STAFF_RULES: _is_under_staff_rules(user)})
        if previous is not None:
            request.session[PREVIOUS_SIGN_IN] = previous.isoformat()

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not isinstance(user, User):
            return response
        _note_begun(request, user)
        remember(response, user=user)
        known = user.client.language if user.client else settings.LANGUAGE_CODE
        if known != settings.LANGUAGE_CODE and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            # Who has chosen no language on this browser reads the one that the agency knows.
            remember_language(response, language=known)
        return response


def _note_begun(request: HttpRequest, user: User) -> None:
    """There is a session from here on: not before is it called a sign-in."""
    now, previous = timezone.now(), request.session.get(PREVIOUS_SIGN_IN)
    note_session(request, user=user, now=now)
    record(kind=DONE, at=now, subject=str(user.uuid), address=client_address(request))
    if not user.is_told_of_browser:
        since = datetime.fromisoformat(previous) if previous else None
        tell_of_unknown_browser(user=user, request=request, since=since, stopped=False, now=now)


def _is_under_staff_rules(user: AbstractBaseUser) -> bool:
    return (
        isinstance(user, User)
        and sign_in_page(realm=STAFF) == "staff_sign_in"
        and user.kind != User.Kind.CLIENT
    )
