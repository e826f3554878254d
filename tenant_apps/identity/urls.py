"""The addresses of the way in, the same at a caisse and at the GIE."""

from django.urls import path

from tenant_apps.identity.views import (
    activation,
    enrolment,
    forgotten_identifier,
    own_secret,
    recovery,
    second_step,
    sign_in,
    stay,
    terms,
)

urlpatterns = [
    path("connexion/", sign_in.sign_in, name="sign_in"),
    # The name that allauth's pipeline goes back to when a sign-in cannot go on.
    path("connexion/", sign_in.sign_in, name="account_login"),
    path("connexion/code/", second_step.second_step, name="second_step"),
    path("connexion/code/renvoyer/", second_step.second_step_resend, name="second_step_resend"),
    path("connexion/code/autre/", second_step.second_step_switch, name="second_step_switch"),
    path("connexion/second-moyen/", enrolment.choose, name="enrolment"),
    path("connexion/second-moyen/application/", enrolment.totp, name="enrol_totp"),
    path("connexion/second-moyen/application/qr.svg", enrolment.totp_picture, name="enrol_totp_picture"),
    path("connexion/second-moyen/sms/", enrolment.sms, name="enrol_sms"),
    path("connexion/second-moyen/sms/envoyer/", enrolment.sms_send, name="enrol_sms_send"),
    path("connexion/second-moyen/code-secret/", enrolment.pin, name="enrol_pin"),
    path("connexion/nouveau-secret/", own_secret.own_secret, name="own_secret"),
    path("connexion/conditions/", terms.terms, name="terms"),
    path("connexion/prolonger/", stay.prolong, name="prolong"),
    path("premiere-connexion/", activation.letter, name="first_connection"),
    path("premiere-connexion/demande/", activation.ask, name="ask_activation"),
    path("premiere-connexion/demande/faite/", activation.asked, name="activation_asked"),
    path("premiere-connexion/choisir/", activation.choose, name="choose_secret"),
    path("premiere-connexion/lien/<str:token>/", activation.link, name="activation_link"),
    path("secret-oublie/", recovery.ask, name="recover"),
    path("secret-oublie/suite/", recovery.asked, name="recovery_asked"),
    path("secret-oublie/code/", recovery.code, name="recovery_code"),
    path("secret-oublie/choisir/", recovery.choose, name="recovery_choose"),
    path("secret-oublie/fait/", recovery.done, name="recovery_done"),
    path("secret-oublie/lien/<str:token>/", recovery.link, name="recovery_link"),
    path("identifiant-oublie/", forgotten_identifier.ask, name="forgotten_identifier"),
    path("identifiant-oublie/suite/", forgotten_identifier.asked, name="identifier_asked"),
    path("deconnexion/", sign_in.sign_out, name="sign_out"),
]
