"""``xzgis people`` and ``xzgis units`` from the console: what scripts read, and what is refused."""

import json

import pytest

from tests.people import an_organisation, tries
from xzgis.cli import frame, people
from xzgis.core import sealing
from xzgis.identity.permissions import CONSOLE, Permission


@pytest.fixture(autouse=True)
def console(session, tmp_path, monkeypatch):
    """Commands find the test's own transaction, with an organisation in it."""
    monkeypatch.setattr(people, "open_database", lambda: None)
    monkeypatch.setattr(sealing, "key_file", lambda: tmp_path / "sealing.key")
    an_organisation(session)


def run(capsys, *words):
    """Exit code, standard output, standard error."""
    code = frame.run(["--lang", "en", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def posts(capsys, account):
    return json.loads(run(capsys, "people", "posts", account, "--json")[1])


def test_an_account_gets_in_with_what_was_printed_and_nothing_else_was(session, capsys):
    code, out, err = run(capsys, "people", "add", "lihua", "李华", "--email", "li@example.cn")

    assert code == 0
    assert len(out.strip()) == 16
    assert out.strip() not in err
    signed = tries(session, "lihua", out.strip())
    assert signed.must_change


def test_from_account_to_post_to_delegation_to_leaving(capsys):
    for account in ("lihua", "wang"):
        run(capsys, "people", "add", account, "某某")
    granted = run(
        capsys, "people", "grant", "lihua", "--role", "planner", "--unit", "BUREAU", "--area", "3299",
        "--kinds", "gas,water", "--until", "2199-01-01",
    )  # fmt: skip
    held = posts(capsys, "lihua")["posts"]
    lent = run(
        capsys, "people", "delegate", str(held[0]["post"]), "wang", "--until", in_days(7), "--reason", "休假"
    )
    shown = posts(capsys, "wang")["delegations"]
    returned = run(capsys, "people", "return", str(shown[0]["delegation"]))
    left = run(capsys, "people", "leave", "lihua")

    assert [one[0] for one in (granted, lent, returned, left)] == [0, 0, 0, 0]
    assert (held[0]["role"], held[0]["kinds"]) == ("planner", ["gas", "water"])
    assert (shown[0]["from"], shown[0]["to"], shown[0]["reason"]) == ("lihua", "wang", "休假")
    assert posts(capsys, "wang")["delegations"] == []
    everybody = json.loads(run(capsys, "people", "list", "--leavers", "--json")[1])
    assert [(one["account"], one["left_at"] is None) for one in everybody] == [
        ("lihua", False),
        ("wang", True),
    ]
    assert [one["account"] for one in json.loads(run(capsys, "people", "list", "--json")[1])] == ["wang"]


def in_days(days):
    from datetime import datetime, timedelta

    return (datetime.now().astimezone() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("people", "add", "Bad Name!", "x"), "The account is not valid"),
        (("people", "leave", "nobody"), "There is no person nobody"),
        (
            ("people", "grant", "lihua", "--role", "king", "--unit", "BUREAU", "--area", "3299"),
            "No role king",
        ),
        (
            ("people", "grant", "lihua", "--role", "reader", "--unit", "NONE", "--area", "3299"),
            "no unit NONE",
        ),
        (
            ("people", "grant", "lihua", "--role", "reader", "--unit", "BUREAU", "--area", "9999"),
            "no area 9999",
        ),
        (
            (
                "people",
                "grant",
                "lihua",
                "--role",
                "reader",
                "--unit",
                "BUREAU",
                "--area",
                "3299",
                "--kinds",
                "gaz",
            ),
            "No kind gaz",
        ),
        (
            (
                "people",
                "grant",
                "lihua",
                "--role",
                "reader",
                "--unit",
                "BUREAU",
                "--area",
                "3299",
                "--until",
                "soon",
            ),
            "Not a time: soon",
        ),
        (("people", "end", "999999999"), "no post"),
        (("people", "token", "revoke", "999999999"), "no token"),
        (("units", "add", "X", "x", "x", "--kind", "firm", "--area", "3299"), "No kind firm"),
        (("units", "add", "BUREAU", "x", "x", "--kind", "owner", "--area", "3299"), "BUREAU is taken"),
        (("units", "close", "NONE"), "no unit NONE"),
    ],
)
def test_a_wrong_word_is_refused_in_one_sentence(capsys, words, sentence):
    run(capsys, "people", "add", "lihua", "李华")

    code, out, err = run(capsys, *words)

    assert code == frame.EXIT_ERROR
    assert out == ""
    assert sentence in err


def test_the_three_are_separate_at_the_console_too(capsys):
    run(capsys, "people", "add", "lihua", "李华")
    post = ("--unit", "BUREAU", "--area", "3299")
    run(capsys, "people", "grant", "lihua", "--role", "system-admin", *post)

    code, _, err = run(capsys, "people", "grant", "lihua", "--role", "planner", *post)

    assert code == frame.EXIT_ERROR
    assert "administrators are separate" in err


def test_the_first_three_are_made_once(session, capsys):
    code, out, err = run(capsys, "people", "first")

    assert code == 0
    assert tries(session, "secadmin", out.split()[1]).token is not None
    assert "auditadmin" in err
    assert run(capsys, "people", "first")[1] == ""


def test_units_and_areas_are_listed_as_added(capsys):
    run(capsys, "units", "add-area", "329902", "西区", "West", "--tier", "district")
    run(capsys, "units", "add", "WEST", "西局", "West bureau", "--kind", "department", "--area", "329902")
    run(capsys, "units", "close", "GAS")

    areas = json.loads(run(capsys, "units", "areas", "--json")[1])
    units = json.loads(run(capsys, "units", "list", "--closed", "--json")[1])

    assert [area["code"] for area in areas] == ["3299", "329901", "329901001", "329902"]
    assert [(unit["code"], unit["closed"]) for unit in units] == [
        ("BUREAU", False),
        ("GAS", True),
        ("WEST", False),
    ]


def test_a_reset_password_and_sign_out_end_the_sessions(session, capsys):
    first = run(capsys, "people", "add", "lihua", "李华")[1].strip()
    tries(session, "lihua", first)

    assert "1 sessions ended" in run(capsys, "people", "sign-out", "lihua")[2]
    second = run(capsys, "people", "reset-password", "lihua")[1].strip()

    assert tries(session, "lihua", first).token is None
    assert tries(session, "lihua", second).token is not None


def test_the_console_has_every_permission_but_a_persons_own():
    assert frame.actor().permissions == CONSOLE == frozenset(Permission) - {"identity.own", "notices.own"}
