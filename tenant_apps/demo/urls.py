"""The addresses of the mailbox, and of the page of components."""

from django.urls import path

from tenant_apps.demo import views
from tenant_apps.demo.cards import views as cards
from tenant_apps.demo.showcase import views as showcase

urlpatterns = [
    path("messages/", views.mailbox, name="mailbox"),
    path("messages.json", views.mailbox_json, name="mailbox_json"),
    path("messages/<uuid:uuid>/", views.mail_html, name="mailbox_mail"),
    path("messages/<uuid:uuid>/retour/", views.come_back, name="mailbox_return"),
    path("messages/<uuid:uuid>/lettre.pdf", views.letter_pdf, name="mailbox_letter"),
    path("messages/<uuid:uuid>/piece/<int:position>/", views.attachment, name="mailbox_attachment"),
    path("carte/<uuid:uuid>/", cards.card, name="demo_card"),
    path("composants/", showcase.components, name="components"),
    path("composants/<str:digest>.css", showcase.stylesheet, name="components_stylesheet"),
    path("composants/<str:digest>.svg", showcase.picture, name="components_picture"),
]
