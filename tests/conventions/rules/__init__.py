"""The rules, one topic a module; each carries examples of what it lets pass and of what it refuses."""
