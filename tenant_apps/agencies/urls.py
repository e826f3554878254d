"""The addresses of appointments."""

from django.urls import path

from tenant_apps.agencies.views import appointments, booking, changes

urlpatterns = [
    path("", appointments.appointments, name="appointments"),
    path("prendre/", booking.book, name="appointment_book"),
    path("prendre/verifier/", booking.check, name="appointment_check"),
    path("<uuid:uuid>/", appointments.appointment, name="appointment"),
    path("<uuid:uuid>/rendez-vous.ics", appointments.calendar_entry, name="appointment_ics"),
    path("<uuid:uuid>/deplacer/", changes.move, name="appointment_move"),
    path("<uuid:uuid>/deplacer/verifier/", changes.check_move, name="appointment_check_move"),
    path("<uuid:uuid>/annuler/", changes.cancel, name="appointment_cancel"),
]
