"""What the tables ask, and the verdicts on what the kernel measured. Pure. Definitions: docs/conflicts.md.

Entry: :func:`xzgis.conflicts.rules.judge.judge`.
"""
