"""Crossings and joints of all pairs, with the runs that their lengths reach."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from xzgis.conflicts.kernel.plan import nearest
from xzgis.conflicts.rules.explain import Explanation, Net, joint_sine, shallow_sine
from xzgis.conflicts.rules.scene import Pair, Scene, conditions_of
from xzgis.conflicts.rules.vertical import Crossing
from xzgis.conflicts.terms import TieIn

AT_RUN_M = 0.5
"""A declared tie-in is believed when the new axis is this near to the wall of the run it names."""
DRAWN_M = 1e-3
"""Ends of one work drawn this near onto each other are one place."""
HOUSES = frozenset({"trench", "utility_tunnel"})
"""Kinds that other lines go into; a line that lies in a channel of its own is none of them."""
NEVER_HOUSED = frozenset({"gas"})
"""Kinds that go into no house: gas in a tunnel has a compartment of its own (GB 50838), which no joint tells of."""
Place = tuple[int, float, int, float, float, bool]
"""Run and chainage on both sides, sine, whether it is a joint."""


def explanations_of(
    scene: Scene, pairs: Sequence[Pair], crossings: Mapping[int, Sequence[Crossing]], tie_ins: Sequence[TieIn]
) -> list[Explanation]:
    """Everything that makes a stretch near by necessity: crossings of at least 15°, joints of any angle."""
    least = shallow_sine(scene.catalogue.limits.shallow_angle_deg)
    places: list[Place] = [
        (c.pair.a, c.at_a_m, c.pair.b, c.at_b_m, c.sine, False)
        for found in crossings.values()
        for c in found
        if c.sine >= least
    ]
    places += [
        (a, at_a, b, at_b, joint_sine(scene.lines, a, at_a, scene.others, b, at_b, least), True)
        for a, at_a, b, at_b in (
            *_shared_nodes(scene, pairs),
            *_declared(scene, pairs, tie_ins),
            *_drawn(scene, pairs),
        )
        if _may_be_joined(scene, a, b)
    ]
    if not places:
        return []
    nets = Net(scene.new, scene.lines), Net(scene.existing, scene.others)
    known = {pair.a for pair in pairs}, {pair.b for pair in pairs}
    if scene.is_one_work:
        # Which run of a pair is `a` says nothing here: the parts of one line stand on either side.
        known = known[0] | known[1], known[0] | known[1]
    nets[0].add(known[0])
    nets[1].add(known[1])
    limit = max(pair.reach_m(scene.factor) for pair in pairs)
    found = [
        Explanation(
            sine=sine,
            is_joint=is_joint,
            on_a=nets[0].reached(a, at_a, limit / sine),
            on_b=nets[1].reached(b, at_b, limit / sine + limit),
        )
        for a, at_a, b, at_b, sine, is_joint in places
    ]
    return found + ([_turned(one) for one in found] if scene.is_one_work else [])


def concerning(scene: Scene, explanations: Sequence[Explanation], pair: Pair) -> list[Explanation]:
    """What of ``explanations`` tells of a pair; a line that goes into a trench lies along it by its nature.

    Two trenches, or two tunnels, go into each other as little as two pipes.
    """
    kinds = conditions_of(scene.new, pair.a).kind, conditions_of(scene.existing, pair.b).kind
    is_housed = kinds[0] != kinds[1] and not HOUSES.isdisjoint(kinds)
    least = 0.0 if is_housed else shallow_sine(scene.catalogue.limits.shallow_angle_deg)
    return [left for one in explanations for left in one.of_pair(pair.a, pair.b, least)]


def _turned(one: Explanation) -> Explanation:
    """The same crossing or joint for pairs that are taken the other way round."""
    return replace(one, on_a=one.on_b, on_b=one.on_a, is_turned=True)


def _may_be_joined(scene: Scene, a: int, b: int) -> bool:
    """Whether lines of these kinds are ever joined: of one network, or where one goes into a trench or tunnel.

    A gas main is not joined to a cable or a sewer, whatever a document or a common node says: taken for a
    joint, a pipe through a cable would be excused. Asked by kind: a cable in a channel is no house.
    """
    kinds = [conditions_of(runs, run).kind for runs, run in ((scene.new, a), (scene.existing, b))]
    if kinds[0] == kinds[1]:
        return True
    words = [_own_word(scene, kind) for kind in kinds]
    if words[0] is not None and words[0] == words[1]:
        return True
    return not HOUSES.isdisjoint(kinds) and NEVER_HOUSED.isdisjoint(kinds)


def _own_word(scene: Scene, kind: str) -> str | None:
    """The word of the tables for a kind, however it is laid."""
    known = scene.catalogue.kinds.get(kind)
    return None if known is None else known.rule_kind


def _shared_nodes(scene: Scene, pairs: Sequence[Pair]) -> Iterator[tuple[int, float, int, float]]:
    for pair in pairs:
        ends = []
        for runs, lines, run in ((scene.new, scene.lines, pair.a), (scene.existing, scene.others, pair.b)):
            length = float(lines.chain_m[lines.offset[run + 1] - 1])
            ends.append([(int(runs.from_node[run]), 0.0), (int(runs.to_node[run]), length)])
        for node, at_a in ends[0]:
            yield from ((pair.a, at_a, pair.b, at_b) for other, at_b in ends[1] if node and node == other)


def _drawn(scene: Scene, pairs: Sequence[Pair]) -> Iterator[tuple[int, float, int, float]]:
    """Runs of one kind in one work that are drawn onto each other with an end."""
    if not scene.is_one_work:
        return
    for pair in pairs:
        if conditions_of(scene.new, pair.a).kind != conditions_of(scene.new, pair.b).kind:
            continue
        for a, b in ((pair.a, pair.b), (pair.b, pair.a)):
            for end in (0.0, scene.length_m(a)):
                found = nearest(scene.lines, a, scene.lines, b, end, end)
                if found.distance_m <= DRAWN_M:
                    yield (a, end, b, found.at_b_m) if a == pair.a else (b, found.at_b_m, a, end)


def _declared(
    scene: Scene, pairs: Sequence[Pair], tie_ins: Sequence[TieIn]
) -> Iterator[tuple[int, float, int, float]]:
    for tie_in in tie_ins:
        for pair in pairs:
            if pair.a != tie_in.new or int(scene.existing.run_id[pair.b]) != tie_in.existing:
                continue
            at = min(max(tie_in.chainage_m, 0.0), scene.length_m(pair.a))
            found = nearest(scene.lines, pair.a, scene.others, pair.b, at, at)
            if (
                found.distance_m
                <= float(scene.existing.width_m[pair.b, 1]) / 2.0 + AT_RUN_M + scene.factor * pair.sigma_m
            ):
                yield pair.a, at, pair.b, found.at_b_m
