"""Whether a case can come to a stand on its way: every course of it walked, a token on each way it is on.

No two nodes wait for the same token, so what one does takes nothing from another: it is enough to let one of those that
can go on do so, and to follow each of its outcomes (a persistent set). Only where ways come together can a case stand
still: a parallel gateway waits for all of them, though some may never be taken.
"""

from collections.abc import Iterator
from itertools import chain, combinations

from xzgis.core.words import Words
from xzgis.workflow.rules.told import Slip
from xzgis.workflow.terms import Definition, Node, NodeKind

MOST_MOMENTS = 20_000
#: Of more ways out of an inclusive gateway only each alone, and all at once, are followed.
MOST_COMBINED = 6
Moment = frozenset[str]

_MERGE = Words(
    "几条路只走其一时，先用选择网关合成一条，再进并行网关；并行分出的路用并行网关合并。",
    "Where only one of several ways is taken, join them by a choosing gateway before the parallel one; join what was parted "
    "in parallel by a parallel gateway.",
)
_SPLIT = Words("拆成几个流程，用子流程相连。", "Split it into processes that call each other.")


def standing_still(found: Definition) -> list[Slip]:
    """The gateways at which a case would wait for ever; empty: it always comes to an end."""
    course = _Course(found)
    ahead, seen, stuck = [course.begun()], set[Moment](), dict[str, Slip]()
    while ahead:
        at = ahead.pop()
        if at in seen:
            continue
        seen.add(at)
        if len(seen) > MOST_MOMENTS:
            words = Words("分支太多，无法逐一走通", "it has too many branches to be walked")
            return [Slip(found.key, 1, words, _SPLIT)]
        node = course.next_of(at)
        if node is not None:
            ahead += course.after(at, node)
            continue
        for waiting in course.waiting(at):
            words = Words(
                "会在这里停住：有的来路等不到", "a case stands still here: some way in is never taken"
            )
            stuck[waiting.id] = Slip(waiting.id, waiting.line, words, _MERGE)
    return list(stuck.values())


class _Course:
    """How a case goes on in one definition."""

    def __init__(self, found: Definition) -> None:
        self.nodes = found.nodes
        self.into: dict[str, list[str]] = {name: [] for name in found.nodes}
        self.out: dict[str, list[str]] = {name: [] for name in found.nodes}
        self.beside: dict[str, list[Node]] = {name: [] for name in found.nodes}
        for flow in found.flows.values():
            self.into[flow.target].append(flow.id)
            self.out[flow.source].append(flow.id)
        for node in found.nodes.values():
            if node.on:
                self.beside[node.on].append(node)
        self.target = {flow.id: flow.target for flow in found.flows.values()}

    def begun(self) -> Moment:
        """The moment at which a case begins."""
        starts = (name for name, node in self.nodes.items() if node.kind is NodeKind.START)
        return frozenset(chain.from_iterable(self.out[name] for name in starts))

    def next_of(self, at: Moment) -> Node | None:
        """A node that can go on at this moment, one that joins those that apply last; None: none can."""
        there = [self.nodes[name] for name in dict.fromkeys(self.target[flow] for flow in sorted(at))]
        there.sort(key=lambda node: node.kind is NodeKind.INCLUSIVE)
        return next((node for node in there if self._can(at, node)), None)

    def waiting(self, at: Moment) -> Iterator[Node]:
        """The nodes that hold a token and cannot go on."""
        yield from (self.nodes[name] for name in dict.fromkeys(self.target[flow] for flow in sorted(at)))

    def after(self, at: Moment, node: Node) -> Iterator[Moment]:
        """What each outcome of ``node`` leads to."""
        taken = set(self.into[node.id])
        if not (node.kind.is_gateway and node.kind is not NodeKind.EXCLUSIVE):
            # One token at a time: what else arrives here comes through again.
            taken = set(sorted(taken & at)[:1])
        left = at - taken
        for given in self._outcomes(node):
            yield left | frozenset(given)

    def _can(self, at: Moment, node: Node) -> bool:
        held = [flow for flow in self.into[node.id] if flow in at]
        if node.kind is NodeKind.PARALLEL:
            return len(held) == len(self.into[node.id])
        if node.kind is NodeKind.INCLUSIVE:
            return not any(self._leads(flow, node.id) for flow in at if flow not in held)
        return bool(held)

    def _leads(self, flow: str, to: str) -> bool:
        """Whether a token on ``flow`` may still come to the node ``to``."""
        ahead, seen = [self.target[flow]], set[str]()
        while ahead:
            name = ahead.pop()
            if name == to:
                return True
            if name not in seen:
                seen.add(name)
                every = [*self.out[name], *chain.from_iterable(self.out[one.id] for one in self.beside[name])]
                ahead += [self.target[each] for each in every]
        return False

    def _outcomes(self, node: Node) -> Iterator[tuple[str, ...]]:
        out = self.out[node.id]
        if node.kind is NodeKind.EXCLUSIVE:
            yield from ((flow,) for flow in out)
        elif node.kind is NodeKind.INCLUSIVE and len(out) > 1:
            sizes = range(1, len(out) + 1) if len(out) <= MOST_COMBINED else (1, len(out))
            yield from chain.from_iterable(combinations(out, size) for size in sizes)
        else:
            yield tuple(out)
            for timer in self.beside[node.id]:
                yield tuple(self.out[timer.id]) if timer.interrupts else (*out, *self.out[timer.id])
