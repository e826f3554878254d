"""The addresses of « Ma sécurité », once for clients and once for staff."""

from django.urls import path

from tenant_apps.identity.views import change_secret, own_devices, security, step_up

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
    path("moyens/retirer/", own_devices.device_remove, name="device_remove"),
    path("confirmer/<uuid:uuid>/", step_up.step_up, name="step_up"),
    path("confirmer/<uuid:uuid>/envoyer/", step_up.step_up_send, name="step_up_send"),
]
