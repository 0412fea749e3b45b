"""Frames, arrays and JSON in one file: how work in progress is kept between two steps.

The file is an uncompressed ZIP of Parquet, NPY and JSON members. It is ours alone: nothing in it is pickled.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


@dataclass(frozen=True)
class Bundle:
    """What one file holds, by name."""

    frames: Mapping[str, pd.DataFrame]
    arrays: Mapping[str, npt.NDArray[Any]]
    facts: Mapping[str, Any]


def write_bundle(bundle: Bundle, path: Path) -> None:
    """Write ``bundle`` to ``path``, which must not exist in part if this fails: write beside and rename."""
    beside = path.with_name(path.name + ".part")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, frame in bundle.frames.items():
            with archive.open(f"{name}.parquet", "w", force_zip64=True) as member:
                # Parquet is written from its end, a ZIP member only forwards: through memory.
                memory = io.BytesIO()
                frame.to_parquet(memory, compression="zstd", index=False)
                member.write(memory.getbuffer())
        for name, array in bundle.arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
        archive.writestr("facts.json", json.dumps(bundle.facts, ensure_ascii=False, default=str))
    beside.replace(path)


def read_bundle(path: Path) -> Bundle:
    """The bundle kept at ``path``."""
    frames: dict[str, pd.DataFrame] = {}
    arrays: dict[str, npt.NDArray[Any]] = {}
    facts: dict[str, Any] = {}
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            name, _, ending = member.rpartition(".")
            content = archive.read(member)
            if ending == "parquet":
                frames[name] = pd.read_parquet(io.BytesIO(content))
            elif ending == "npy":
                arrays[name] = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
            else:
                facts = json.loads(content)
    return Bundle(frames=frames, arrays=arrays, facts=facts)


def read_bundle_facts(path: Path) -> Mapping[str, Any]:
    """Only the facts of the bundle kept at ``path``; frames and arrays stay unread."""
    with zipfile.ZipFile(path) as archive:
        facts: Mapping[str, Any] = json.loads(archive.read("facts.json"))
    return facts
