"""The page of components: each one in all its states, in any theme. It is what a designer looks at."""
