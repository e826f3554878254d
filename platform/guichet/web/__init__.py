"""Base screens: which caisse a request is for, its look, its errors; what every screen shares."""
