"""The three URL trees, chosen by the kind of the tenant."""
