"""The addresses of the console."""

from django.urls import path

from shared_apps.console import views

urlpatterns = [
    path("", views.home, name="home"),
    path("caisses/<uuid:uuid>/", views.caisse, name="caisse"),
]
