"""The addresses of the agency's counter."""

from django.urls import path

from tenant_apps.desk.views import (
    activation,
    appointments,
    booking,
    client_file,
    contact,
    devices,
    exceptions,
    journal,
    letters,
    messages,
    phone,
    search,
    secret,
    unlocking,
)

urlpatterns = [
    path("", search.search, name="desk"),
    path("clients/<uuid:uuid>/", client_file.client_file, name="desk_client"),
    path("clients/<uuid:uuid>/reouverture/", unlocking.unlock, name="desk_unlock"),
    path("clients/<uuid:uuid>/telephone/", phone.replace, name="desk_phone"),
    path("clients/<uuid:uuid>/coordonnees/", contact.correct, name="desk_contact"),
    path("clients/<uuid:uuid>/seconde-etape/", devices.forget, name="desk_devices"),
    path("clients/<uuid:uuid>/activation/", activation.send, name="desk_activation"),
    path("clients/<uuid:uuid>/nouveau-secret/", secret.force, name="desk_secret"),
    path("clients/<uuid:uuid>/exception/", exceptions.grant, name="desk_exception"),
    path("clients/<uuid:uuid>/exception/fin/", exceptions.end, name="desk_exception_end"),
    path("clients/<uuid:uuid>/rendez-vous/", booking.book, name="desk_book"),
    path("clients/<uuid:uuid>/rendez-vous/verifier/", booking.check, name="desk_book_check"),
    path("rendez-vous/", appointments.day, name="desk_day"),
    path("rendez-vous/<uuid:uuid>/presence/", appointments.presence, name="desk_presence"),
    path("rendez-vous/<uuid:uuid>/annuler/", appointments.cancel, name="desk_appointment_cancel"),
    path("rendez-vous/<uuid:uuid>/deplacer/", booking.move, name="desk_appointment_move"),
    path("courriers/", letters.letters, name="desk_letters"),
    path("courriers/lot/", letters.prepare, name="desk_batch_make"),
    path("courriers/<uuid:uuid>/", letters.batch, name="desk_batch"),
    path("courriers/<uuid:uuid>/lettres.pdf", letters.pdf, name="desk_batch_pdf"),
    path("journal/", journal.journal, name="desk_journal"),
    path("journal/export/", journal.export, name="desk_journal_export"),
    path("messages/", messages.messages, name="desk_messages"),
    path("messages/<uuid:uuid>/renvoi/", messages.again, name="desk_send_again"),
    path("messages/<uuid:uuid>/traite/", messages.settle, name="desk_settle"),
]
