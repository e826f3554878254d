"""The plain project with Django's own sign-in: its view, its form, its backend, and no second step."""
