"""Findings of one place told as one."""

from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.fold import folded
from xzgis.conflicts.terms import Measure, Outcome
from xzgis.core.words import Words


def test_a_duty_graver_than_every_verdict_of_its_place_keeps_its_finding():
    def draft(measure, outcome, **facts):
        said = Words("燃气与污水：某（某）", "gas and sewer: some (thing)")
        return Draft(
            measure, outcome, a=0, b=0, chainage_m=(1.0, 2.0), points=((0.0, 0.0),), words=said, **facts
        )

    near = draft(Measure.HORIZONTAL, Outcome.CANNOT_JUDGE, missing=("b.size",))
    hit = draft(Measure.DIG, Outcome.BREACH, advisory=True, duties=("strike",))
    perhaps = draft(Measure.COLLISION, Outcome.CANNOT_JUDGE, missing=("b.depth", "b.size"))

    lead, duty = folded([near, hit, perhaps])

    assert duty is hit
    assert (lead.measure, lead.missing) == (Measure.COLLISION, ("b.depth", "b.size"))
    assert [(one.measure, one.missing) for one in lead.also] == [(Measure.HORIZONTAL, ("b.size",))]
