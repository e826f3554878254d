"""The stage after a second factor was chosen that can be lost: recovery codes, to be kept before the space opens."""

# allauth's stages cannot be imported first: the flows must be.
import allauth.account.internal.flows  # noqa: F401  # isort: skip  # must be imported before allauth.account.stages
import base64
import json

from allauth.account.stages import LoginStageController
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django_otp.models import Device

from guichet.tenancy.signing import keyring
from tenant_apps.identity.factors import method_of
from tenant_apps.identity.recovery_codes import are_given, make_codes
from tenant_apps.identity.stage import ENROLLED, PROVED, Stage
from tenants.policy.checks.second_factor import LOSABLE

_CODES = "recovery-codes"


class RecoveryCodesStage(Stage):
    """Only after an enrolment: whoever signs in later sees no code again."""

    key = "guichet_recovery_codes"
    urlname = "new_recovery_codes"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user, state = self.user, self.login.state
        if user is None or not state.get(ENROLLED) or not are_given(policy=self.rules):
            return None, True
        device = Device.from_persistent_id(state[PROVED])
        if device is None or method_of(device) not in LOSABLE:
            return None, True
        codes = make_codes(user=user, policy=self.rules, now=timezone.now())
        sealed = keyring().seal(json.dumps(codes), purpose=_CODES)
        self.state[_CODES] = base64.b64encode(sealed).decode()
        self.note_stop(user)
        return redirect(self.urlname), True

    @property
    def codes(self) -> list[str]:
        """The same at each look at the page, until the person goes on; sealed in the session."""
        opened: list[str] = json.loads(keyring().open(base64.b64decode(self.state[_CODES]), purpose=_CODES))
        return opened


def pending_recovery_codes(request: HttpRequest) -> RecoveryCodesStage | None:
    """The half-finished sign-in of this session, when it shows recovery codes."""
    stage = LoginStageController.enter(request, RecoveryCodesStage.key)
    return stage if isinstance(stage, RecoveryCodesStage) else None
