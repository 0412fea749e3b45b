"""A check's answer on paper, screen and wire: document, table, CSV, XLSX, GeoJSON, self-contained page.

Pure: values in, text or bytes out. Decision: docs/decisions/0010-reports-beside-the-eight-names.md.
"""
