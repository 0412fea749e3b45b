"""Parallel lines between the same two points in a table with one row per connection: which rows belong together.

Pure. Two cables from J1 to J2 stand in four rows, and nothing but their figures says which two are of one cable.
"""

import numpy as np
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.terms import IntakeFinding


def unclear(halves: pd.DataFrame, pair: pd.Series, forward: pd.Series) -> pd.Series:
    """Halves of parallel lines between two points, told from both, whose own rows differ in depth or size."""
    direction = [pair, forward]
    count = pair.groupby(direction).transform("size")
    both = forward.groupby(pair).transform("nunique") == 2
    differs = pd.Series(False, index=halves.index)
    for field in ("start_depth_m", "start_level_m", "section"):
        values = halves[field].groupby(direction).transform("nunique", dropna=False)
        differs |= values > 1
    told: pd.Series = both & ((count > 1) & differs).groupby(pair).transform("any")
    return told


def fuller(pair: pd.Series, forward: pd.Series) -> pd.Series:
    """For each half, the direction from which more rows tell of its pair; of equals the one met first."""
    ahead = forward.astype(np.int64).groupby(pair).transform("sum")
    behind = forward.groupby(pair).transform("size") - ahead
    met_first = forward.groupby(pair).transform("first")
    return (ahead > behind) | ((ahead == behind) & met_first)


def parallels(lines: pd.DataFrame) -> list[IntakeFinding]:
    """One finding for each two points between which several lines run that cannot be told apart."""
    found: list[IntakeFinding] = []
    for _, some in lines.groupby(["code", "from_point", "to_point"], sort=False):
        line = some.iloc[0]
        ends = f"{line['from_point']}–{line['to_point']}"
        found.append(
            IntakeFinding(
                code="R44",
                level="warning",
                words=Words(
                    f"{ends} 之间有 {len(some)} 条并行管线，各行埋深或规格不同，两端的行无法一一对应，远端埋深按未知处理",
                    f"{len(some)} lines run between {ends} with different depths or sizes: which rows of the two ends belong "
                    "together cannot be told; the depth at the far end is unknown",
                ),
                remedy=Words(
                    "为并行管线分别编号，或在每行填写终点埋深",
                    "Give parallel lines numbers of their own, or fill in the depth at the far end of each row",
                ),
                file=line["file"],
                sheet=line["sheet"],
                row=int(line["row"]),
                field="to_point",
                value=str(line["to_point"]),
                table="lines",
            )
        )
    return found
