"""Planned works: where, when, by whom."""
