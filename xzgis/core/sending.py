"""How much goes to a server on this machine before the sender waits for it."""

import os
import socket

from psycopg import Connection

# As far as the system lets us (net.core.wmem_max, 0.2 or 4 MB). While other threads of this process
# are busy, each turn of waiting for the server costs a turn of waiting for Python's lock.
SENT_AHEAD_BYTES = 4 << 20


def widen(connection: Connection) -> None:
    """Let the system take up to :data:`SENT_AHEAD_BYTES` at once from us, where the server is reached without a network."""
    with socket.socket(fileno=os.dup(connection.fileno())) as wire:
        if wire.family == socket.AF_UNIX:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENT_AHEAD_BYTES)
