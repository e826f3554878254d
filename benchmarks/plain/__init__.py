"""The plain alternative: one caisse alone, in a Django project that knows of no other.

Stock PostgreSQL backend and one schema; the same migrations, applications, views, templates, session engine and
login. Of the middleware, that which tells caisses apart is left out, or is Django's own where ours derives from it.
"""
