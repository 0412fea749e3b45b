"""Parcels and buildings."""
