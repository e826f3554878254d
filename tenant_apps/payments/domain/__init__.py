"""The rules of card payments, without a framework."""
