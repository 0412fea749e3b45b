"""Levels of a work against the ground along it."""

from collections.abc import Sequence

from xzgis.catalogue.terms import Catalogue
from xzgis.works.rules.axes import Axes
from xzgis.works.rules.depths import of_profile
from xzgis.works.rules.faults import refuse
from xzgis.works.rules.levels import ground_of_work
from xzgis.works.rules.placing import envelope_m
from xzgis.works.terms import GroundAlong, WorkDocument


def check_levels(work: WorkDocument, catalogue: Catalogue, grounds: Sequence[GroundAlong | None]) -> None:
    """Refuse profiles that lie deeper below the known ground than a line of the kind does, or above it.

    ``grounds`` is the ground along every run, None where nobody knows.

    Raises
    ------
    Invalid
        With one fault for every impossible level.
    """
    refuse([
        fault
        for index, (run, ground) in enumerate(zip(work.runs, grounds, strict=True))
        if ground is not None and run.depth.profile
        for fault in of_profile(
            run, ground, catalogue, ("runs", index, "depth", "profile"), height_m=envelope_m(run, catalogue)[1]
        )
    ])  # fmt: skip


def check_own_levels(work: WorkDocument, catalogue: Catalogue, axes: Axes) -> None:
    """:func:`check_levels` against the ground that the document itself gives."""
    check_levels(
        work,
        catalogue,
        [ground_of_work(*each) for each in zip(work.runs, axes.chains, axes.kept, strict=True)],
    )
