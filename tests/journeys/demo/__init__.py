"""Those that visit the demo as it runs: one worker of the tests starts it, and has them all."""
