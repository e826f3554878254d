"""What knows neither Django nor a caisse: sealing, formatting, names."""
