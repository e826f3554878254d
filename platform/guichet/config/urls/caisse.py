"""A caisse's own space."""

from django.urls import include, path

from guichet.config.urls.handlers import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", include("tenant_apps.portal.urls")),
    path("", include("tenant_apps.identity.urls")),
    path("agence/", include("tenant_apps.identity.staff_urls")),
    path("securite/", include("tenant_apps.identity.security_urls", namespace="security")),
    path("agence/securite/", include("tenant_apps.identity.security_urls", namespace="staff_security")),
    path("contrats/", include("tenant_apps.pawn.urls")),
    path("rendez-vous/", include("tenant_apps.agencies.urls")),
    path("paiements/", include("tenant_apps.payments.urls")),
    path("documents/", include("tenant_apps.documents.urls")),
    path("agence/", include("tenant_apps.desk.urls")),
    path("retours/", include("tenant_apps.messaging.urls")),
    path("retours/", include("tenant_apps.payments.returns_urls")),
    path("", include("guichet.web.urls")),
]
