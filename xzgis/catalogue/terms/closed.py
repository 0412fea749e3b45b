"""Code lists whose tokens the register and the checks know by name: a row may add a word for one, never a new one."""

from collections.abc import Mapping
from typing import get_args

from xzgis.catalogue.terms import DepthReference

#: By code list: its tokens. Those of ``burial``, ``shape``, ``status``, ``depth_reference``, ``pressure_class``,
#: ``assumption`` and ``flow`` are bounded by the tables of the register too (decision 0022, a test holds both equal); by
#: ``visibility`` and ``data_source`` the accuracy of a point is told, and an unknown one would count as a surveyed one.
CLOSED: Mapping[str, frozenset[str]] = {
    "assumption": frozenset(
        ("outer_size", "end_depth_of_point", "level_column_contradicts_rule", "taken_as_hidden", "standard_depth",
         "depth_from_one_point")
    ),
    "burial": frozenset(
        ("direct_buried", "pipe_buried", "conduit", "duct_block", "channel", "overhead", "surface", "riser",
         "small_passage", "utility_tunnel", "civil_defence", "chamber_link", "jacked", "drilled",
         "underwater", "underground_structure")
    ),
    "data_source": frozenset(("survey", "design", "as_built", "assumed", "digitised")),
    "depth_reference": frozenset(get_args(DepthReference)),
    "flow": frozenset(("1", "-1")),
    "pressure_class": frozenset(
        ("low", "medium", "medium_A", "medium_B", "subhigh", "subhigh_A", "subhigh_B", "high", "high_A", "high_B",
         "super_high")
    ),
    "shape": frozenset(("circle", "rectangle")),
    "status": frozenset(("pending", "approved", "reserved", "built", "disused")),
    "visibility": frozenset(("visible", "hidden", "inferred")),
}  # fmt: skip
