"""The addresses of the client's space."""

from django.urls import path

from tenant_apps.portal import views

urlpatterns = [path("", views.home, name="home")]
