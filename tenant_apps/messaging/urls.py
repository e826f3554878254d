"""Where providers say what became of a message."""

from django.urls import path

from tenant_apps.messaging import views

urlpatterns = [path("sms/", views.sms_returns, name="sms_returns")]
