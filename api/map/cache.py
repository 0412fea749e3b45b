"""Tiles kept in memory, keyed by the version of the data and by what may be seen; the oldest use goes first."""

from collections import OrderedDict
from threading import Lock

LIMIT_BYTES = 96 * 1024 * 1024
ENTRY_BYTES = 200

TileKey = tuple[str, str, int, int, int]


class TileCache:
    """Least recently used tiles within a limit of bytes; safe between threads."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._held: OrderedDict[TileKey, bytes] = OrderedDict()
        self._size_bytes = 0
        self._lock = Lock()

    def get(self, key: TileKey) -> bytes | None:
        """The tile, or None when it has to be made."""
        with self._lock:
            tile = self._held.get(key)
            if tile is not None:
                self._held.move_to_end(key)
            return tile

    def put(self, key: TileKey, tile: bytes) -> None:
        """Keep ``tile``; a tile larger than the whole limit is not kept."""
        with self._lock:
            if key in self._held or len(tile) + ENTRY_BYTES > self._limit_bytes:
                return
            self._held[key] = tile
            self._size_bytes += len(tile) + ENTRY_BYTES
            while self._size_bytes > self._limit_bytes:
                _, dropped = self._held.popitem(last=False)
                self._size_bytes -= len(dropped) + ENTRY_BYTES
