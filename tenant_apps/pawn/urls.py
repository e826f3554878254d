"""The addresses of pawn contracts."""

from django.urls import path

from tenant_apps.pawn import views

urlpatterns = [
    path("", views.contracts, name="contracts"),
    path("<uuid:uuid>/", views.contract, name="contract"),
    path("objets/<uuid:uuid>/photo", views.object_photo, name="object_photo"),
]
