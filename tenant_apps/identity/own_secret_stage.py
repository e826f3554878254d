"""The stage after a first password that was sent: a secret of the person's own, before anything else."""

# allauth's stages cannot be imported first: the flows must be.
import allauth.account.internal.flows  # noqa: F401  # isort: skip  # must be imported before allauth.account.stages
from allauth.account.stages import LoginStageController
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tenant_apps.identity.models import User
from tenant_apps.identity.stage import Stage


class OwnSecretStage(Stage):
    """After a first password that was sent: a secret of the person's own, before anything else."""

    key = "guichet_own_secret"
    urlname = "own_secret"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        # Without a secret of their own, people pass the first step by a first password only.
        if self.user is None or self.user.is_activated:
            return None, True
        return redirect(self.urlname), True

    def chosen(self, user: User) -> HttpResponse:
        """`user` as it now stands in the table: its session will be bound to the new secret."""
        self.go_on_as(user)
        return self.leave()


def pending_own_secret(request: HttpRequest) -> OwnSecretStage | None:
    """The half-finished sign-in of this session, when it waits for a secret of the person's own."""
    stage = LoginStageController.enter(request, OwnSecretStage.key)
    return stage if isinstance(stage, OwnSecretStage) else None
