"""Jobs: each runs inside the caisse that enqueued it; the clock's ticks fan out to all caisses."""
