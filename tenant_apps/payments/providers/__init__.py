"""The port of payment providers, and its adapters."""
