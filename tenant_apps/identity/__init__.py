"""The way in: identifiers, secrets, second factors, lockout, the sign-in pipeline."""
