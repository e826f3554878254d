"""The stages between the secret and the session, run by allauth's pipeline."""

# allauth's stages cannot be imported first: the flows must be.
import allauth.account.internal.flows  # noqa: F401  # isort: skip  # must be imported before allauth.account.stages
from typing import cast

from allauth.account.stages import LoginStage, LoginStageController
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from guichet.web.proxies import client_address
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.identity.second_step import finish_sign_in, send_code
from tenant_apps.identity.selectors import sms_device_of
from tenants.policy.current import current_policy

INDEX, SOURCE, TRIES_LEFT = "guichet_index", "guichet_source", "guichet_tries_left"


class SecondFactorStage(LoginStage):
    """Asks for a code when the policy wants one. `login.user` is None when the step is blind."""

    key = "guichet_second_factor"
    urlname = "second_step"

    @property
    def user(self) -> User | None:
        return cast("User | None", self.login.user)

    @property
    def index(self) -> str:
        """The account's counter key, kept through the half-finished sign-in instead of the identifier."""
        index: str = self.login.state[INDEX]
        return index

    @property
    def source(self) -> str | None:
        """The address's counter key, when its count of the first step is to be given back at the end."""
        source: str | None = self.login.state.get(SOURCE)
        return source

    @property
    def last_try(self) -> int | None:
        """1 when a blind first step, which has no page to say so, left one try only."""
        return 1 if self.login.state.get(TRIES_LEFT) == 1 else None

    @property
    def device(self) -> SmsDevice | None:
        return sms_device_of(user=self.user) if self.user else None

    def handle(self) -> tuple[HttpResponse | None, bool]:
        policy = current_policy()
        now = timezone.now()
        if not policy.second_factor.required and self.user is not None:
            subject, address = str(self.user.uuid), client_address(self.request)
            finish_sign_in(index=self.index, subject=subject, address=address, now=now)
            return None, True
        device = self.device
        if device is not None:
            send_code(device=device, policy=policy, now=now)
        return redirect(self.urlname), True


def pending_second_factor(request: HttpRequest) -> SecondFactorStage | None:
    """The half-finished sign-in of this session, when it waits for a code."""
    stage = LoginStageController.enter(request, SecondFactorStage.key)
    return stage if isinstance(stage, SecondFactorStage) else None
