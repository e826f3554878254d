"""The addresses of the front door."""

from django.urls import path

from shared_apps.directory import views

urlpatterns = [path("", views.front_door, name="front_door")]
