"""The stages of the second factor, between the secret and the session, run by allauth's pipeline."""

# allauth's stages cannot be imported first: the flows must be.
import allauth.account.internal.flows  # noqa: F401  # isort: skip  # must be imported before allauth.account.stages
import base64

from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.stages import LoginStageController
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django_otp.models import Device

from guichet.tenancy.enqueue import enqueue
from guichet.tenancy.signing import keyring
from guichet.web.proxies import client_address
from tenant_apps.identity.access import sign_in_page
from tenant_apps.identity.enrol import new_totp_key
from tenant_apps.identity.factors import asked_first, extra_methods, one_page, typed
from tenant_apps.identity.models import SmsDevice
from tenant_apps.identity.second_step import CodeCheck, finish_steps, send_code
from tenant_apps.identity.sign_in import is_blind
from tenant_apps.identity.stage import DEVICE, ENROLLED, PROVED, TRIES_LEFT, WHO, Stage
from tenant_apps.identity.trusted_devices import passes_by_trust, trust
from tenants.policy.sections.second_factor import Method

_CHOSEN, _KEY, _SENT_AGAIN = "method", "totp-on-offer", "sent-again"


class EnrolmentStage(Stage):
    """The first sign-in of a person who has no second factor yet: the declared exception to the blind step."""

    key = "guichet_enrolment"
    urlname = "enrolment"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not self.rules.second_factor.required:
            return None, True
        # Asked of nobody as well, so that it takes as long.
        devices = self.devices
        if self.user is None or devices:
            return None, True
        self.take_back()
        return redirect(self.urlname), True

    @property
    def totp_key(self) -> str:
        """The key on offer, the same at each look at the page; sealed in the session."""
        if _KEY not in self.state:
            made = keyring().seal(new_totp_key(), purpose=_KEY)
            self.state[_KEY] = base64.b64encode(made).decode()
            self.keep()
        return keyring().open(base64.b64decode(self.state[_KEY]), purpose=_KEY)

    def enrolled(self, device: Device) -> HttpResponse:
        """The device has just shown that it works: no second step follows."""
        self.go_on_as(device.user)
        self.login.state |= {PROVED: device.persistent_id, ENROLLED: True}
        return self.leave()


class SecondFactorStage(Stage):
    """Asks for a code when the policy wants one."""

    key = "guichet_second_factor"
    urlname = "second_step"

    @property
    def blind(self) -> bool:
        return is_blind(policy=self.rules)

    @property
    def method(self) -> Method | None:
        """Whose page is shown. None: the page that takes the code of any method, or nobody's."""
        if self.blind:
            return None if self.extra else one_page(self.rules)
        chosen = self.state.get(_CHOSEN)
        return chosen if chosen in self.devices else asked_first(self.devices)

    @property
    def methods(self) -> tuple[Method, ...]:
        """What a code typed on the page is compared with."""
        if self.blind:
            return typed((*self.rules.second_factor.methods, *self.extra))
        return typed((self.method,)) if self.method else ()

    @property
    def extra(self) -> tuple[Method, ...]:
        """Blind, what one person has by exception is asked of everybody: a page of their own would name them."""
        return extra_methods(policy=self.rules, ways=self.ways)

    @property
    def last_try(self) -> int | None:
        """1 when a blind first step, which has no page to say so, left one try only or was the last."""
        return 1 if self.login.state.get(TRIES_LEFT) in (0, 1) else None

    @property
    def sms_device(self) -> SmsDevice | None:
        device = self.devices.get("sms")
        return device if isinstance(device, SmsDevice) else None

    def handle(self) -> tuple[HttpResponse | None, bool]:
        enrolled = self.login.state.get(PROVED)
        if enrolled is not None:
            return self._finished(Device.from_persistent_id(enrolled))
        if not self.rules.second_factor.required and self.user is not None:
            return self._finished(None)
        source, now = client_address(self.request), timezone.now()
        if passes_by_trust(self.request, user=self.user, policy=self.rules, address=source, now=now):
            return self._finished(None)
        self.send()
        return redirect(self.urlname), True

    def _finished(self, device: Device | None) -> tuple[HttpResponse | None, bool]:
        """No answer was asked for: the first step alone has counted."""
        self.take_back()
        done = self._finish(device, left_counted=0)
        return (None, True) if done else (redirect(sign_in_page(realm=self.realm)), False)

    def passed(self, check: CodeCheck, *, trusted: bool = False) -> HttpResponse:
        """Into the space, or back to the first step when closed meanwhile. `trusted`: no second step here for days."""
        user, address, now = self.user, client_address(self.request), timezone.now()
        if not self._finish(check.device, left_counted=check.left_counted):
            return self.give_up()
        answer = self.leave()
        if trusted and user is not None and self.rules.second_factor.trusted_days:
            trust(self.request, answer, user=user, policy=self.rules, address=address, now=now)
        return answer

    def _finish(self, device: Device | None, *, left_counted: int) -> bool:
        """As the person that the first step found, from here on; False when the account is closed."""
        user = self.user
        if user is None:
            raise RuntimeError("nobody can finish a sign-in")
        done = finish_steps(
            index=self.index,
            subject=str(user.uuid),
            address=client_address(self.request),
            left_counted=left_counted,
            clean=self.is_clean,
            now=timezone.now(),
        )
        self.login.state[DEVICE] = device.persistent_id if device else None
        user.otp_device = device
        self.login.user = user
        return done

    def choose(self, method: Method) -> None:
        """Another of the person's devices."""
        self.state[_CHOSEN] = method
        self.keep()

    def send_again(self) -> bool:
        """At most as often as a person is sent codes in an hour; blind, whoever asks more is told the same."""
        sent = self.state.get(_SENT_AGAIN, 0)
        if sent >= self.rules.second_factor.sms.per_hour:
            return self.blind
        self.state[_SENT_AGAIN] = sent + 1
        self.keep()
        return self.send()

    def send(self) -> bool:
        """A code by SMS, when the page asks for one; whether one left, as far as may be said."""
        if self.blind and "sms" in self.methods:
            # A right and a wrong secret cost the same work here: the worker alone knows whether a code is due.
            enqueue("identity.send_code", who=self.login.state[WHO], realm=self.realm)
            return True
        if self.method != "sms" or self.sms_device is None:
            return self.blind
        return send_code(device=self.sms_device, policy=self.rules, now=timezone.now()).sent


def pending_second_factor(request: HttpRequest) -> SecondFactorStage | None:
    """The half-finished sign-in of this session, when it waits for a code."""
    stage = LoginStageController.enter(request, SecondFactorStage.key)
    return stage if isinstance(stage, SecondFactorStage) else None


def pending_enrolment(request: HttpRequest) -> EnrolmentStage | None:
    """The half-finished sign-in of this session, when it waits for a second factor to be chosen."""
    stage = LoginStageController.enter(request, EnrolmentStage.key)
    return stage if isinstance(stage, EnrolmentStage) else None


def pending_page(request: HttpRequest) -> str:
    """The name of the page where this half-finished sign-in goes on, or where one begins."""
    stage = get_pending_stage(request)
    return (stage and stage.urlname) or "sign_in"
