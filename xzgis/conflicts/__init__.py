"""Clearance checks of a work against the register: measures, verdicts, findings, reports."""
