"""The append-only trail, which is also the outbox of events."""
