"""Keeping an installation: a copy of all of it, the way back, and whether it is sound."""
