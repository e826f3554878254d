"""A half-finished sign-in: what it keeps, and what every stage of it knows."""

# allauth's stages cannot be imported first: the flows must be.
import allauth.account.internal.flows  # noqa: F401  # isort: skip  # must be imported before allauth.account.stages
from collections.abc import Mapping

from allauth.account.internal.stagekit import clear_login, stash_login, unstash_login
from allauth.account.models import Login
from allauth.account.stages import LoginStage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django_otp.models import Device

from guichet.web.proxies import client_address
from tenant_apps.identity.access import sign_in_page
from tenant_apps.identity.exceptions import live_ways
from tenant_apps.identity.factors import devices_of
from tenant_apps.identity.first_step import FirstStep
from tenant_apps.identity.half_signed_in import opened, sealed
from tenant_apps.identity.models import User
from tenant_apps.identity.notices import STEPS_PASSED, tell_of_unknown_browser
from tenant_apps.identity.realms import Realm, rules_of
from tenant_apps.identity.second_step import take_back
from tenant_apps.journal.record import record
from tenants.policy.document import Policy
from tenants.policy.sections.second_factor import Method

# What a half-finished sign-in keeps of the first step.
REALM, WHO, INDEX, COUNTED, TRIES_LEFT = "realm", "who", "index", "counted", "tries_left"
# What it keeps of the second, for a stage after it.
DEVICE = "device"
# A device that has just shown that it works, where it was enrolled or instead of the first step; and whether it is new.
PROVED, ENROLLED = "proved", "enrolled"
# Everything was proved, and a page followed: this much is journalled, and the owner was told.
STOPPED = "stopped"
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
    def is_clean(self) -> bool:
        """This very request has seen that nothing is left to forget."""
        clean: bool = vars(self.login).get(_CLEAN, False)
        return clean

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

    def note_stop(self, user: User) -> None:
        """At a page between the second step and the session, which may never be answered.

        Whoever came this far has everything that opens the account: the owner learns of it here, once.
        """
        if not self.login.state.get(STOPPED):
            self.login.state[STOPPED], now = True, timezone.now()
            tell_of_unknown_browser(
                user=user, request=self.request, since=user.last_login, stopped=True, now=now
            )
            record(kind=STEPS_PASSED, at=now, subject=str(user.uuid), address=client_address(self.request))

    def go_in(self, user: User) -> HttpResponse:
        """After a page that followed the second step: with its device, lost with the request that brought it."""
        device = self.login.state.get(DEVICE)
        user.otp_device = Device.from_persistent_id(device) if device else None
        user.is_told_of_browser = bool(self.login.state.get(STOPPED))
        self.login.user = user
        return self.leave()

    def give_up(self) -> HttpResponse:
        """Back to the first step."""
        page = sign_in_page(realm=self.realm)
        clear_login(self.request)
        return redirect(page)


def realm_of(request: HttpRequest) -> Realm | None:
    """Of the half-finished sign-in of this session."""
    login = unstash_login(request, peek=True)
    return login.state.get(REALM) if login else None
