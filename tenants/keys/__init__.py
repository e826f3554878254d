"""The master key, what depends on it in each caisse, and how a new one takes over."""
