"""The way in for the people of a caisse's agencies."""

from django.urls import path

from tenant_apps.identity.views import sign_in

urlpatterns = [path("connexion/", sign_in.staff_sign_in, name="staff_sign_in")]
