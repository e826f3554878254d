"""Guichet as the demo runs it, asked to create schemas, to deploy and to show a page."""
