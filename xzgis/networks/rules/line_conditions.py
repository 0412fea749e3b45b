"""What columns of pressure and voltage say: the class of a gas line, the kilovolts of a power line.

One reading for tables and features: words of the code list first, then figures with their unit. A bare whole number
may be a code (1: 高压A), kPa or MPa, and a unit without a figure may be 中压A (MPA): nobody can tell, so both stay
unknown.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.rules.codes import class_of_number
from xzgis.catalogue.terms import Catalogue, CodeValue
from xzgis.networks.rules.codes import OUR_SCHEMES, resolve_codes
from xzgis.networks.rules.numbers import parse_numbers, parse_voltage_kv

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
ObjectArray = npt.NDArray[np.object_]


@dataclass(frozen=True)
class GasClasses:
    """``(n,)`` tokens of pressure classes or None, and which texts say something that nobody can tell."""

    token: ObjectArray
    unclear: BoolArray


def gas_classes(
    text: pd.Series, kinds: ObjectArray, catalogue: Catalogue, *, schemes: tuple[str, ...] = OUR_SCHEMES
) -> GasClasses:
    """Pressure classes of the texts of gas lines; of other kinds none, and nothing is unclear."""
    text = text.where(np.asarray(kinds == "gas", dtype=np.bool_), None)
    told = resolve_codes(text, kinds, catalogue.codes.get("pressure_class", ()), schemes=schemes)
    tokens = told.tokens()
    whole = text.astype(str).str.fullmatch(r"\s*\d+\s*").to_numpy(dtype=np.bool_)
    figure = parse_numbers(text.where(told.unknown & ~whole, None), unit="MPa", zero_is_null=True)
    known = np.isfinite(figure.value)
    tokens[known] = pressure_classes(figure.value[known], catalogue)
    return GasClasses(tokens, told.unknown & (figure.bad | whole))


def pressure_classes(pressure_mpa: FloatArray, catalogue: Catalogue) -> ObjectArray:
    """``(n,)`` gas pressure class of pressures in MPa, by the bounds of the code list; None outside them all."""
    classes: ObjectArray = np.full(len(pressure_mpa), None, dtype=object)
    for value in np.unique(pressure_mpa[np.isfinite(pressure_mpa)]):
        # 10 kPa is the bound 0.01 MPa itself, whatever dividing by a thousand leaves behind.
        found = class_of_number(catalogue, "pressure_class", round(float(value), 9))
        classes[pressure_mpa == value] = None if found is None else found.token
    return classes


@dataclass(frozen=True)
class Voltages:
    """``(n,)`` voltages in kV, NaN where unknown, and which texts say something that nobody can tell."""

    kv: FloatArray
    unclear: BoolArray


def voltages(text: pd.Series, kinds: ObjectArray, catalogue: Catalogue) -> Voltages:
    """Voltages of the texts of power lines: figures (380 is volts, 220 may be either), else names of one voltage."""
    text = text.where(np.asarray(kinds == "power", dtype=np.bool_), None)
    read = parse_voltage_kv(text)
    is_220 = text.isin(("220", "220.0")).to_numpy(dtype=np.bool_)
    named = resolve_codes(text.where(read.bad, None), kinds, catalogue.codes.get("voltage", ()))
    exact = np.array([_exact_kv(value) for value in named.value], dtype=np.float64)
    return Voltages(np.where(read.bad & ~is_220, exact, read.value), read.bad & (named.unknown | is_220))


def _exact_kv(value: CodeValue | None) -> float:
    """The voltage a code value stands for; NaN for a class of voltages."""
    is_exact = value is not None and value.minimum is not None and value.minimum == value.maximum
    return float(value.minimum) if is_exact and value is not None and value.minimum is not None else np.nan
