"""The addresses of pawn contracts."""

from django.urls import path

from tenant_apps.pawn.views import contracts, paying, prolonging, tariff

urlpatterns = [
    path("", contracts.contracts, name="contracts"),
    path("tarifs/", tariff.tariff, name="pawn_tariff"),
    path("payer/", paying.pay_several, name="pay_contracts"),
    path("<uuid:uuid>/payer/", paying.pay_one, name="pay_contract"),
    path("<uuid:uuid>/prolonger/<int:months>/", prolonging.prolong_free, name="prolong_free"),
    path("<uuid:uuid>/", contracts.contract, name="contract"),
    path("objets/<uuid:uuid>/photo", contracts.object_photo, name="object_photo"),
]
