"""The rules of the way in, without Django."""
