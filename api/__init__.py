"""The HTTP layer: routes, request and answer shapes, error statuses, tiles. No rules, no SQL, no commits."""
