"""Sections and profiles as SVG: values in, positions on paper out. Pure; the words come with the values."""
