"""What must not stand in a log does not, in whatever dress it comes."""

import pytest

from xzgis.core.scrubbing import LONGEST_TEXT, TRACEBACK, scrub, scrubbed

KEPT = (
    "the lock limit of 2s was reached after 12.5 ms in /works/{work_id} of xzgis.works, batch 17 (2026-11-23)"
)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("(psycopg.DataError) x\n[SQL: select %(a)s]\n[parameters: {'a': '解放路 12 号'}]", "解放路"),
        ('invalid input syntax for type integer: "解放路"', "解放路"),
        ("duplicate key\nDETAIL:  Key (account)=(zhao.yi) already exists.", "zhao.yi"),
        ("Key (account, unit)=(zhao.yi, 3) already exists", "zhao.yi"),
        (
            "Job networks.read_batch[12](batch_id=7, actor={'name': 'li.na'}) ended with status: Error",
            "li.na",
        ),
        ("postgresql+psycopg://xzgis:hunter2@10.0.0.3/xzgis", "hunter2"),
        ("Authorization: Bearer abc.def.ghi", "abc.def.ghi"),
        ("token xzt_9f8s7df98s7df was refused", "9f8s7df98s7df"),
        ("GET /x?sid=deadbeef&y=1", "deadbeef"),
        ("near 39512345.678 3791234.5", "39512345"),
        ("at 117.18371, 34.26112", "117.18371"),
        ("LINESTRING Z (1 2 3, 4 5 6) is not valid", "4 5 6"),
        ("0102000020C41100000200000000000000000000000000000000000000", "C411"),
        ("身份证 320311199001011234 与手机 13852012345", "138520"),
        ("sent to zhao.yi@example.cn", "zhao.yi"),
        ("line 3: 320311199001011234", "3203111990"),
    ],
)
def test_a_line_does_not_say(text: str, gone: str) -> None:
    assert gone in text
    assert gone not in scrubbed(text)


def test_what_explains_a_failure_stays() -> None:
    assert scrubbed(KEPT) == KEPT
    assert len(scrubbed("x" * 10_000)) == LONGEST_TEXT + 1


def test_names_of_secrets_hide_their_values_at_any_depth() -> None:
    told = scrub(None, "info", {
        "event": "sent", "smtp_password": "hunter2", "headers": {"Set-Cookie": "a=b", "Host": "gis"},
        "seen": ["Bearer abc"], "ms": 39512345.678, "ok": True,
    })  # fmt: skip

    assert told == {
        "event": "sent", "smtp_password": "…", "headers": {"Set-Cookie": "…", "Host": "gis"},
        "seen": ["Bearer …"], "ms": 39512345.678, "ok": True,
    }  # fmt: skip


def test_a_long_traceback_keeps_its_last_frames_and_the_exception() -> None:
    frames = "".join(
        f'  File "xzgis/frame_{n}.py", line {n}, in call\n    call({n})\n    ^^^^\n' for n in range(200)
    )
    chained = f"{TRACEBACK}\n{frames}OSError: first\n\nDuring handling of it:\n\n"
    for whole, said in (
        (f"{TRACEBACK}\n{frames}ValueError: it broke", "ValueError: it broke"),
        (f"{chained}{TRACEBACK}\n{frames}ValueError: it broke", "ValueError: it broke"),
        (
            f"{TRACEBACK}\n{frames}ProgrammingError: no such\n[SQL: {'select ' * 2000}]",
            "ProgrammingError: no such",
        ),
    ):
        told = scrubbed(whole)

        assert told.startswith(f"{TRACEBACK}\n  …\n  File ")
        assert 'frame_199.py", line 199' in told
        assert said in told
        assert 2500 < len(told) <= LONGEST_TEXT
