"""Telling, settling, reading; and the letters."""
