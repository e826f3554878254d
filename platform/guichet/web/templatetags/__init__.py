"""Filters and tags that every app's templates may load."""
