"""The demo's payment provider: a card page that does what the visitor asks of it, well or badly."""
