"""The addresses of « Ma sécurité », once for each kind of people who sign in."""

from django.urls import path

from tenant_apps.identity.views import change_secret, own_devices, own_passkeys, own_spares, security, step_up

app_name = "security"
urlpatterns = [
    path("", security.overview, name="overview"),
    path("secret/", change_secret.own_secret, name="secret"),
    path("appareils/fermer/", security.end_one, name="end_session"),
    path("appareils/fermer-les-autres/", security.end_others, name="end_others"),
    path("conditions/", security.own_terms, name="terms"),
    path("moyens/", own_devices.change_device, name="change_device"),
    path("moyens/application/", own_devices.device_totp, name="device_totp"),
    path("moyens/code-secret/", own_devices.device_pin, name="device_pin"),
    path("moyens/sms/", own_devices.device_sms, name="device_sms"),
    path("moyens/cle/", own_passkeys.device_passkey, name="device_passkey"),
    path("moyens/cle/question/", own_passkeys.device_passkey_options, name="device_passkey_options"),
    path("moyens/cle/retirer/", own_passkeys.passkey_remove, name="passkey_remove"),
    path("moyens/codes-de-secours/", own_spares.renew_recovery_codes, name="renew_recovery_codes"),
    path("appareils/retirer-la-confiance/", own_spares.end_trusted, name="end_trusted"),
    path("moyens/retirer/", own_devices.device_remove, name="device_remove"),
    path("confirmer/<uuid:uuid>/", step_up.step_up, name="step_up"),
    path("confirmer/<uuid:uuid>/cle/", step_up.step_up_passkey, name="step_up_passkey"),
    path("confirmer/<uuid:uuid>/envoyer/", step_up.step_up_send, name="step_up_send"),
]
