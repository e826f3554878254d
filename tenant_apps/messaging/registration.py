"""What the outbox does by the clock."""

from tenants.jobs.clock import each_minute

each_minute("messaging.sweep")
