"""What comes back, what providers are: rules that know no framework."""
