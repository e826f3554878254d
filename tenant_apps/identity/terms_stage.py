"""The stage after the second factor: a version of the terms of use that this client was not shown yet."""

# allauth's stages cannot be imported first: the flows must be.
import allauth.account.internal.flows  # noqa: F401  # isort: skip  # must be imported before allauth.account.stages
from allauth.account.stages import LoginStageController
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tenant_apps.identity.models import User
from tenant_apps.identity.realms import CLIENTS
from tenant_apps.identity.stage import Stage
from tenant_apps.identity.terms import must_be_asked


class TermsStage(Stage):
    """Everything is proved by now: what is refused here is the space, and no try is counted."""

    key = "guichet_terms"
    urlname = "terms"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.user
        asked = self.realm == CLIENTS and user is not None and must_be_asked(user=user, policy=self.rules)
        if user is None or not asked:
            return None, True
        self.note_stop(user)
        return redirect(self.urlname), True

    def answered(self, user: User) -> HttpResponse:
        """Into the space, with the device of the second step, which was lost with the request that brought it."""
        return self.go_in(user)


def pending_terms(request: HttpRequest) -> TermsStage | None:
    """The half-finished sign-in of this session, when it waits for an answer to the terms."""
    stage = LoginStageController.enter(request, TermsStage.key)
    return stage if isinstance(stage, TermsStage) else None
