"""In which order findings are told: what decides first, what fills pages last."""

from xzgis.networks.terms import IntakeFinding

#: What becomes of records of the register: one sentence each, which a mass of warnings about rows must not hide.
OF_THE_REGISTER = ("D02", "D04", "D05")
OF_LEVELS = {"error": 0, "warning": 2, "info": 3}
AFTER_ERRORS = 1


def told_rank(finding: IntakeFinding) -> int:
    """Errors first, then what becomes of the register, then warnings, then remarks."""
    if finding.level == "error":
        return OF_LEVELS["error"]
    return AFTER_ERRORS if finding.code in OF_THE_REGISTER else OF_LEVELS[finding.level]
