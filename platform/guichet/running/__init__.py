"""What stands between a fresh clone and the running demo: the environment, PostgreSQL, the processes.

Standard library only, since it runs before anything is installed. Every way in which a start can fail is one
sentence (`CannotGoOnError`) on the terminal, and never spoils the next start.
"""
