"""Seeded generators of invented cities."""
