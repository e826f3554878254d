"""The client's own space: home page, menu, legal pages. Products register with it."""
