"""The addresses that every tree has."""

from django.urls import path

from guichet.web import pages
from guichet.web.brand import brand_picture, brand_stylesheet

urlpatterns = [
    path("marque/<str:digest>.css", brand_stylesheet, name="brand"),
    path("marque/<str:digest>.svg", brand_picture, name="brand_picture"),
    path("favicon.ico", pages.icon, name="icon"),
    path("langue/", pages.language, name="language"),
    path("mentions-legales/", pages.legal, name="legal"),
    path("donnees-personnelles/", pages.privacy, name="privacy"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
]
