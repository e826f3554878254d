"""The addresses of the agency's counter."""

from django.urls import path

from tenant_apps.desk.views import activation, client_file, devices, messages, phone, search, unlocking

urlpatterns = [
    path("", search.search, name="desk"),
    path("clients/<uuid:uuid>/", client_file.client_file, name="desk_client"),
    path("clients/<uuid:uuid>/reouverture/", unlocking.unlock, name="desk_unlock"),
    path("clients/<uuid:uuid>/telephone/", phone.replace, name="desk_phone"),
    path("clients/<uuid:uuid>/seconde-etape/", devices.forget, name="desk_devices"),
    path("clients/<uuid:uuid>/activation/", activation.send, name="desk_activation"),
    path("messages/", messages.messages, name="desk_messages"),
    path("messages/<uuid:uuid>/renvoi/", messages.again, name="desk_send_again"),
]
