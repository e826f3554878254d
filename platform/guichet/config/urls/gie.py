"""The GIE's console."""

from django.urls import include, path

from guichet.config.urls.handlers import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", include("shared_apps.console.urls")),
    path("", include("tenant_apps.identity.urls")),
    path("securite/", include("tenant_apps.identity.security_urls", namespace="operator_security")),
    path("retours/", include("tenant_apps.messaging.urls")),
    path("", include("guichet.web.urls")),
]
