"""Cover where it is not known as well as the levels of its run are.

A declared constant cover holds whether or not anybody knows the ground. Levels of such a run hang on the ground, so
their uncertainty is the ground's too; its cover is what the work says, as well as it can be set out. So cover is
judged on levels counted from the ground itself. The cover of a run that is laid on levels is what lies between them
and the ground: where the ground is guessed, it is no better known than the guess.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.book import is_overhead
from xzgis.conflicts.rules.columns import no_runs
from xzgis.conflicts.rules.identity import in_order
from xzgis.conflicts.rules.judge import Tally, rule_book
from xzgis.conflicts.rules.scene import conditions_of, scene_of
from xzgis.conflicts.terms import Judgement, Measure, Outcome, SurfaceStretch
from xzgis.networks.terms import RunColumns
from xzgis.works.terms import PlacedWork

OUTCOMES, MEASURES = tuple(Outcome), tuple(Measure)


def with_declared_cover(
    judgement: Judgement, placed: PlacedWork, catalogue: Catalogue, surfaces: Sequence[SurfaceStretch]
) -> Judgement:
    """``judgement`` with the cover of every run judged on what it declares, and as well as its ground is known."""
    if np.isnan(placed.cover_m).all() and np.array_equal(placed.cover_sigma_m, placed.runs.sigma_level_m):
        return judgement
    scene = scene_of(from_the_ground(placed), no_runs(placed.runs.origin_m), rule_book(catalogue))
    tally = Tally(
        clear=[one for one in judgement.clear if one[0] is not Measure.COVER],
        unverified=[one for one in judgement.unverified if one[0] is not Measure.COVER],
    )
    for run in range(len(placed.runs.run_id)):
        facts = conditions_of(scene.new, run)
        if is_overhead(facts):
            continue
        tally.add_cover(scene, run, surfaces)
    cover = [verdict for _, verdict in sorted(in_order(scene, tally.drafts), key=lambda keyed: keyed[0])]
    verdicts = sorted(
        [verdict for verdict in judgement.verdicts if verdict.measure is not Measure.COVER] + cover,
        # Both lists stand in canonical order; within one outcome and measure they come from one list only.
        key=lambda verdict: (OUTCOMES.index(verdict.outcome), MEASURES.index(verdict.measure)),
    )
    counted = Counter(verdict.outcome.value for verdict in verdicts if not verdict.advisory)
    counts = {outcome.value: counted[outcome.value] for outcome in Outcome}
    counts[Outcome.CLEAR.value] = len(tally.clear)
    return replace(
        judgement, verdicts=tuple(verdicts), clear=tuple(tally.clear), counts=counts,
        unverified=tuple(tally.unverified), assumed_dry=tuple(tally.assumed_dry),
    )  # fmt: skip


def from_the_ground(placed: PlacedWork) -> RunColumns:
    """The new runs with the levels of those of declared cover counted from their own ground, and the sigma of cover."""
    runs = placed.runs
    counts = np.diff(runs.offset)
    cover = np.repeat(placed.cover_m, counts)
    declared = ~np.isnan(cover)
    known = runs.height_m[:, 0] == runs.height_m[:, 1]
    height = np.repeat(np.where(known, runs.height_m[:, 0], np.nan), counts)
    return replace(
        runs,
        crown_m=np.where(declared, -cover, runs.crown_m),
        bottom_m=np.where(declared, -cover - height, runs.bottom_m),
        ground_m=np.where(declared, 0.0, runs.ground_m),
        sigma_level_m=placed.cover_sigma_m,
    )
