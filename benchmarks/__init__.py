"""What `bin/bench` measures: Guichet against the plain alternative, as ratios taken in one run.

Each side runs in a process of its own under its own settings; the two take turns, so that a slow moment of the
computer falls on both. The product never imports this package. docs/benchmarks.md says what is measured and how.
"""
