"""``xzgis notices``: what waits for somebody, and whether e-mail gets out."""

import json
from types import SimpleNamespace

import pytest

from tests.db.notices.test_telling import a_read_batch
from tests.factories import NOW
from tests.mail_server import a_mail_server
from tests.people import a_person, an_organisation
from xzgis.audit.events import TrailVerified
from xzgis.audit.record import record
from xzgis.cli import frame, notices
from xzgis.core import settings as settings_module
from xzgis.core.actor import SYSTEM
from xzgis.identity.terms import Role


@pytest.fixture(autouse=True)
def console(session, monkeypatch):
    """Commands find the test's own transaction, with an organisation in it."""
    monkeypatch.setattr(notices, "open_database", lambda: SimpleNamespace(dispose=lambda: None))
    an_organisation(session)


def run(capsys, *words):
    """Exit code, standard output, standard error."""
    code = frame.run(["--lang", "en", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def listed(capsys, *words):
    code, out, err = run(capsys, "notices", "list", "--json", *words)
    assert code == 0, err
    return json.loads(out)["notices"]


def test_the_console_sees_what_waits_for_posts_and_a_person_his_own(session, capsys):
    a_person(session, "zhang", Role.PLANNER)
    a_person(session, "keeper", Role.DATA_KEEPER)
    number = a_read_batch(session)

    (waiting,) = listed(capsys)
    assert (waiting["path"], waiting["is_overdue"]) == (f"/intake/{number}", True)
    assert [one["id"] for one in listed(capsys, "--person", "keeper")] == [waiting["id"]]
    assert listed(capsys, "--person", "zhang") == []
    assert [one["kind"] for one in listed(capsys, "--person", "zhang", "--what", "notice")] == [
        "post_granted"
    ]
    assert "OVERDUE" in run(capsys, "notices", "list")[1]


def test_a_harmed_trail_is_called_done_at_the_console_and_a_batch_is_not(session, capsys):
    a_read_batch(session)
    record(session, actor=SYSTEM, event=TrailVerified("9", False, 9, 2), now=NOW)
    by_kind = {one["kind"]: str(one["id"]) for one in listed(capsys)}

    assert run(capsys, "notices", "done", by_kind["trail_harmed"])[0] == 0
    code, _, err = run(capsys, "notices", "done", by_kind["batch_waits"])

    assert code != 0
    assert "not by hand" in err
    assert [one["kind"] for one in listed(capsys)] == ["batch_waits"]


@pytest.mark.parametrize(
    ("words", "said"),
    [(("list", "--person", "nobody"), "no person nobody"), (("list", "--what", "x"), "no list 'x'"), (("done", "9"), "no to-do")],
)  # fmt: skip
def test_what_is_not_there_is_refused_in_a_sentence(capsys, words, said):
    code, _, err = run(capsys, "notices", *words)

    assert code != 0
    assert said in err


def test_a_letter_is_tried(capsys, monkeypatch):
    assert "XZGIS_SMTP_HOST" in run(capsys, "notices", "try-mail", "a@city.example")[2]
    with a_mail_server() as box:
        for name, value in {"HOST": "127.0.0.1", "PORT": str(box.port), "SECURITY": "none"}.items():
            monkeypatch.setenv(f"XZGIS_SMTP_{name}", value)
        settings_module.settings.cache_clear()
        taken = run(capsys, "notices", "try-mail", "a@city.example")
        box.mood = "554 no"
        refused = run(capsys, "notices", "try-mail", "a@city.example")
        monkeypatch.setenv("XZGIS_SMTP_SECURITY", "starttls")
        settings_module.settings.cache_clear()
        plain = run(capsys, "notices", "try-mail", "a@city.example")
    settings_module.settings.cache_clear()

    assert taken[0] == 0
    assert [str(one["To"]) for one in box.letters] == ["a@city.example"]
    assert refused[0] != 0
    assert "554 no" in refused[2]
    # A server without TLS gets no letter when TLS is asked for.
    assert plain[0] != 0
    assert len(box.letters) == 1
