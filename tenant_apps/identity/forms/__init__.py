"""The forms of the way in."""
