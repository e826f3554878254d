"""The caisse's own addresses, and Django's sign-in beside them."""

from django.contrib.auth.views import LoginView
from django.urls import path

from guichet.config.urls import demo_caisse

urlpatterns = [*demo_caisse.urlpatterns, path("django/", LoginView.as_view(), name="stock_sign_in")]
