"""Guichet as its own side has it, but for a hash that costs nothing: what is left of a sign-in is the code's."""
