"""Whole journeys in a real browser, against the demo as it runs."""
