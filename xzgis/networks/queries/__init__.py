"""How the register is read; one file per question."""

# Whoever reads the register at all brings the guards of its tables with it.
from xzgis.networks.queries import seen as seen
