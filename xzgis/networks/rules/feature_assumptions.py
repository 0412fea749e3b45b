"""What was assumed of features, as tokens of the code list."""

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import Catalogue
from xzgis.networks.rules.feature_texts import objects

BoolArray = npt.NDArray[np.bool_]
_TOKEN = re.compile(r"[a-z_]+")


def assumption_tokens(masks: Mapping[str, BoolArray], count: int) -> pd.Series:
    """Tokens of what was assumed, joined by semicolons; few combinations, so each is written once."""
    number = np.zeros(count, dtype=np.int64)
    for at, mask in enumerate(masks.values()):
        number |= mask.astype(np.int64) << at
    tokens = list(masks)
    texts = [
        ";".join(token for at, token in enumerate(tokens) if combination >> at & 1) or None
        for combination in range(1 << len(tokens))
    ]
    return objects(np.array(texts, dtype=object)[number])


def add_told_before(lines: pd.DataFrame, features: pd.DataFrame, catalogue: Catalogue) -> None:
    """Adds what the delivery itself says was assumed: our own export taken in again loses nothing."""
    if "assumptions" not in features.columns:
        return
    known = [value.token for value in catalogue.codes["assumption"]]
    number, texts = pd.factorize(features["assumptions"])
    told = [{token for token in known if token in _TOKEN.findall(str(text))} for text in texts]
    own = lines["assumptions"].to_numpy(dtype=object)
    both = [
        ";".join(
            token for token in known if token in {*(mine or "").split(";"), *(told[at] if at >= 0 else ())}
        )
        for mine, at in zip(own, number, strict=True)
    ]
    lines["assumptions"] = objects(np.array([text or None for text in both], dtype=object))
