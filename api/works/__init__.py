"""Saved works over HTTP."""
