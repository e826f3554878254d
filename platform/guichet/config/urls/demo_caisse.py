"""The same tree with the demo's mailbox."""

from django.urls import include, path

from guichet.config.urls import caisse
from guichet.config.urls.handlers import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*caisse.urlpatterns, path("demo/", include("tenant_apps.demo.urls"))]
