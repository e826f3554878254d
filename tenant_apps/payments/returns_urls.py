"""Where payment providers say what became of a payment."""

from django.urls import path

from tenant_apps.payments.views import returns

urlpatterns = [path("paiement/<str:provider>/", returns.payment_returns, name="payment_returns")]
