"""The screens of card payments, and what providers call."""
