"""Plumbing without domain words; every module may import it."""
