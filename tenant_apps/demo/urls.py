"""The addresses of the mailbox."""

from django.urls import path

from tenant_apps.demo import views

urlpatterns = [
    path("messages/", views.mailbox, name="mailbox"),
    path("messages.json", views.mailbox_json, name="mailbox_json"),
    path("messages/<uuid:uuid>/", views.mail_html, name="mailbox_mail"),
]
