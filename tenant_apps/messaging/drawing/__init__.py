"""Drawings of the themes as PNG, for mail programs, which show no SVG."""
