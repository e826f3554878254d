"""The addresses of the way in."""

from django.urls import path

from tenant_apps.identity import views

urlpatterns = [
    path("connexion/", views.sign_in, name="sign_in"),
    # The name that allauth's pipeline goes back to when a sign-in cannot go on.
    path("connexion/", views.sign_in, name="account_login"),
    path("connexion/code/", views.second_step, name="second_step"),
    path("connexion/code/renvoyer/", views.second_step_resend, name="second_step_resend"),
    path("deconnexion/", views.sign_out, name="sign_out"),
]
