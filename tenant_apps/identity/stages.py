"""The stages between the secret and the session, run by allauth's pipeline."""

# allauth's stages cannot be imported first: the flows must be.
import allauth.account.internal.flows  # noqa: F401  # isort: skip  # must be imported before allauth.account.stages
import base64
from collections.abc import Mapping

from allauth.account.internal.stagekit import clear_login, get_pending_stage, stash_login, unstash_login
from allauth.account.models import Login
from allauth.account.stages import LoginStage, LoginStageController
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django_otp.models import Device

from guichet.tenancy.enqueue import enqueue
from guichet.tenancy.signing import keyring
from guichet.web.proxies import client_address
from tenant_apps.identity.access import sign_in_page
from tenant_apps.identity.enrol import new_totp_key
from tenant_apps.identity.exceptions import live_ways
from tenant_apps.identity.factors import asked_first, devices_of, extra_methods, one_page, typed
from tenant_apps.identity.first_step import FirstStep
from tenant_apps.identity.half_signed_in import opened, sealed
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.identity.realms import Realm, rules_of
from tenant_apps.identity.second_step import CodeCheck, finish_sign_in, send_code, take_back
from tenant_apps.identity.sign_in import is_blind
from tenant_apps.identity.trusted_devices import passes_by_trust, trust
from tenants.policy.document import Policy
from tenants.policy.sections.second_factor import Method

# What a half-finished sign-in keeps of the first step.
REALM, WHO, INDEX, COUNTED, TRIES_LEFT = "realm", "who", "index", "counted", "tries_left"
# What it keeps of the second, for a stage after it.
DEVICE = "device"
# A device that has just shown that it works, where it was enrolled or instead of the first step; and whether it is new.
PROVED, ENROLLED = "proved", "enrolled"
_CHOSEN, _KEY, _SENT_AGAIN = "method", "totp-on-offer", "sent-again"
_USER, _DEVICES, _WAYS, _CLEAN = "_guichet_user", "_guichet_devices", "_guichet_ways", "_guichet_clean"


def begun(*, user: User | None, clean: bool, redirect_url: str | None, state: dict[str, object]) -> Login:
    """A sign-in whose first step is over. What it found is not read again in this request; later ones look anew."""
    # `user` is not allauth's to remember: what it keeps differs between somebody and nobody.
    login = Login(user=None, redirect_url=redirect_url, state={**state, WHO: sealed(user)})
    vars(login).update({_USER: user, _CLEAN: clean})
    return login


class Stage(LoginStage):
    """What every stage knows. `user` is None when a blind first step was wrong."""

    @property
    def realm(self) -> Realm:
        realm: Realm = self.login.state[REALM]
        return realm

    @property
    def rules(self) -> Policy:
        return rules_of(self.realm)

    @property
    def user(self) -> User | None:
        """One query a request, for nobody as for somebody: it is not allauth that keeps who it is."""
        held = vars(self.login)
        if _USER not in held:
            held[_USER] = opened(self.login.state[WHO])
        found: User | None = held[_USER]
        return found

    @property
    def devices(self) -> dict[Method, Device]:
        held = vars(self.login)
        if _DEVICES not in held:
            held[_DEVICES] = devices_of(user=self.user, policy=self.rules, ways=self.ways)
        found: dict[Method, Device] = held[_DEVICES]
        return found

    @property
    def ways(self) -> Mapping[str, bool]:
        """The exceptions of the caisse, and which are this person's. One query a request, for nobody as well."""
        held = vars(self.login)
        if _WAYS not in held:
            held[_WAYS] = live_ways(user=self.user, now=timezone.now())
        found: Mapping[str, bool] = held[_WAYS]
        return found

    @property
    def index(self) -> str:
        """The account's counter key, kept through the half-finished sign-in instead of the identifier."""
        index: str = self.login.state[INDEX]
        return index

    @property
    def counted(self) -> FirstStep | None:
        """What a blind first step has counted."""
        stored = self.login.state.get(COUNTED)
        return FirstStep.read(stored) if stored else None

    def take_back(self) -> None:
        """No answer is asked for: what a blind first step has counted goes, with the lock that it had put on."""
        if self.counted is not None:
            take_back(index=self.index, first=self.counted, policy=self.rules, now=timezone.now())
            self.login.state[COUNTED] = None

    def go_on_as(self, user: User) -> None:
        """This sign-in has itself changed the account: it is the only one that goes on."""
        vars(self.login)[_USER] = user
        self.login.state[WHO] = sealed(user)

    def keep(self) -> None:
        """What was written to `state` is there at the next request."""
        stash_login(self.request, self.login)

    def leave(self) -> HttpResponse:
        """On to the next stage."""
        response: HttpResponse = self.exit()
        return response

    def go_in(self, user: User) -> HttpResponse:
        """After a page that followed the second step: with its device, lost with the request that brought it."""
        device = self.login.state.get(DEVICE)
        user.otp_device = Device.from_persistent_id(device) if device else None
        self.login.user = user
        return self.leave()

    def give_up(self) -> HttpResponse:
        """Back to the first step."""
        page = sign_in_page(realm=self.realm)
        clear_login(self.request)
        return redirect(page)


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
        done = finish_sign_in(
            index=self.index,
            subject=str(user.uuid),
            address=client_address(self.request),
            left_counted=left_counted,
            clean=vars(self.login).get(_CLEAN, False),
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


def realm_of(request: HttpRequest) -> Realm | None:
    """Of the half-finished sign-in of this session."""
    login = unstash_login(request, peek=True)
    return login.state.get(REALM) if login else None
