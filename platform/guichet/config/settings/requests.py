"""The way of a request: middleware, URL trees, templates, the content policy."""

from csp.constants import NONE, SELF

from guichet.config.settings.environment import env, networks

ROOT_URLCONF = "guichet.config.urls.caisse"
URL_TREES = {
    "front": "guichet.config.urls.front",
    "gie": "guichet.config.urls.gie",
    "caisse": "guichet.config.urls.caisse",
}
WSGI_APPLICATION = "guichet.config.wsgi.application"
# Which hosts are ours is a matter of the table of domains: an unknown one gets a 404.
ALLOWED_HOSTS = ["*"]
# What stands before the path in a mail or a letter.
OWN_ADDRESS = "https://{host}"
TRUSTED_PROXIES = networks("GUICHET_TRUSTED_PROXIES")
# Also by saying that there are none: see guichet.web.checks.
PROXIES_DECLARED = bool(env.str("GUICHET_TRUSTED_PROXIES", default=""))

MIDDLEWARE = [
    "guichet.web.probes.ProbeMiddleware",
    "guichet.web.proxies.ProxyMiddleware",
    "guichet.web.access.AccessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "guichet.web.tenant.TenantMiddleware",
    "guichet.web.https.HttpsMiddleware",
    "guichet.web.language.LanguageMiddleware",
    "guichet.web.charset.CharsetMiddleware",
    "guichet.web.suspension.SuspensionMiddleware",
    "guichet.web.caisse_only.SessionMiddleware",
    "guichet.web.stamp.SessionStampMiddleware",
    "guichet.web.csrf.TenantCsrfMiddleware",
    "guichet.web.caisse_only.AuthenticationMiddleware",
    "guichet.web.caisse_only.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "guichet.web.freshness.SessionAgeMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "guichet.web.context.caisse",
    "tenant_apps.portal.context.menu",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "guichet.web.themes.ThemedCachedLoader",
                    ["guichet.web.themes.ThemeLoader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": CONTEXT_PROCESSORS,
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# Django's check looks for its own class by name; ours is a subclass of it (guichet.web.csrf).
SILENCED_SYSTEM_CHECKS = ["security.W003"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
