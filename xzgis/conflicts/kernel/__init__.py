"""Own compiled geometry of conflicts: plain float64 arrays near a local origin, closed forms, no sampling.

Every function here is ``@compiled`` (numba, cached on disk, without the GIL, without threads of its own), so
that Python threads may call it side by side. Lengths in metres. Definitions: docs/conflicts.md.
"""
