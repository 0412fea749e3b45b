"""What the page of a batch says each answer to lines on the course of a record would do."""

from web.pages.intake.batch import same_values, untold_values
from xzgis.networks.models import Batch

HELD = {
    "points": 467,
    "points_of_lines": 460,
    "points_new": 3,
    "lines": 460,
    "others": 2500,
    "others_held": 2400,
    "lines_new": 7,
}


def test_every_answer_tells_how_many_records_it_replaces() -> None:
    told = same_values(Batch(summary={"held": HELD}), [("D03", "error", 2001), ("S01", "error", 4)])

    assert told["others"] == 2500
    assert [(one["replaced"], one["kept"], one["new"]) for one in told["would"].values()] == [
        (2860, 0, 107),
        (0, 2860, 107),
        (460, 0, 2507),
    ]
    assert [(one["points"], one["points_kept"], one["points_new"]) for one in told["would"].values()] == [
        (467, 0, 3),
        (7, 460, 3),
        (467, 0, 3),
    ]


def test_without_a_comparison_no_figure_is_told() -> None:
    assert same_values(Batch(summary={}), [("D03", "error", 3)]) == {"others": 3, "would": None}


def test_what_was_not_told_is_said_of_an_accepted_batch_alone() -> None:
    facts = {
        "facts_kept": {"points": {"chamber_depth_m": 3}, "lines": {}},
        "facts_lost": {"points": {}, "lines": {}},
    }

    ((name, words),) = untold_values(Batch(summary=facts))

    assert (name, words.zh) == ("facts_kept", "井深 3 个管点")
    assert untold_values(Batch(summary={})) == []
