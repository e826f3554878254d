"""The addresses of a client's documents."""

from django.urls import path

from tenant_apps.documents import views

urlpatterns = [
    path("", views.documents, name="documents"),
    path("<uuid:uuid>/", views.download, name="document"),
]
