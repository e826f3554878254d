"""The same applications on django-tenants as it comes: its backend, its router, migrations run in each schema."""
