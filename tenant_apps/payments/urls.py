"""The addresses of card payments, for the client."""

from django.urls import path

from tenant_apps.payments.views import basket, history, payment

urlpatterns = [
    path("", history.payments, name="payments"),
    path("panier/<uuid:uuid>/", basket.basket, name="basket"),
    path("<uuid:uuid>/", payment.payment, name="payment"),
    path("<uuid:uuid>/recommencer/", payment.again, name="payment_again"),
    path("<uuid:uuid>/arreter/", payment.stop, name="payment_stop"),
    path("<uuid:uuid>/retour/", payment.cancelled, name="payment_cancelled"),
]
