"""What ``layers/exports.toml`` says of files that leave: grades of secrecy, datasets, and how much ground."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

ReasonRule = Literal["asked", "work", "none"]
Token = Field(pattern=r"^[a-z][a-z0-9_]*$")


class _Definition(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class SecrecyGrade(_Definition):
    """How secret a file is: a higher ``rank`` stands above; ``of_records`` is the grade of a record that makes it so."""

    token: str = Token
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    rank: int = Field(ge=0, le=9)
    of_records: int | None = Field(default=None, ge=1, le=3)


class Dataset(_Definition):
    """What a file can be an extract of: its grade, whether a reason is asked, whether its ground is counted."""

    token: str = Token
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    grade: str
    reason: ReasonRule
    counted: bool


class ExportRules(_Definition):
    """Everything asked of a file that leaves."""

    warn_km2: float = Field(gt=0)
    stop_km2: float = Field(gt=0)
    above_stop: str = Field(description="Least grade of an extract whose contiguous ground is above the stop")
    cell_m: int = Field(ge=10, le=1000)
    join_m: float = Field(ge=0, le=5000)
    approval_days: int = Field(ge=1, le=365)
    grades: tuple[SecrecyGrade, ...] = Field(min_length=1)
    datasets: tuple[Dataset, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        tokens = [grade.token for grade in self.grades]
        ranks = [grade.rank for grade in self.grades]
        names = [dataset.token for dataset in self.datasets]
        for found in (tokens, ranks, names):
            if len(set(found)) != len(found):
                raise ValueError(f"named twice: {found}")
        unknown = {self.above_stop, *(dataset.grade for dataset in self.datasets)} - set(tokens)
        if unknown:
            raise ValueError(f"no such grade: {', '.join(sorted(unknown))}")
        if {grade.of_records for grade in self.grades} < {1, 2, 3}:
            raise ValueError("every grade of a record needs one of a file")
        if self.warn_km2 > self.stop_km2:
            raise ValueError("the warning comes after the stop")
        return self

    def grade(self, token: str) -> SecrecyGrade:
        """The grade of that name."""
        return next(grade for grade in self.grades if grade.token == token)

    def dataset(self, token: str) -> Dataset:
        """The dataset of that name."""
        return next(dataset for dataset in self.datasets if dataset.token == token)

    def grade_of(self, dataset: Dataset, *, records: int, above_stop: bool) -> SecrecyGrade:
        """The highest of what makes a file secret: its dataset, its records (0: none has a grade), its ground."""
        found = [self.grade(dataset.grade)]
        found += [
            grade for grade in self.grades if grade.of_records is not None and grade.of_records <= records
        ]
        found += [self.grade(self.above_stop)] if above_stop else []
        return max(found, key=lambda grade: grade.rank)

    def register_grade(self, records: int) -> SecrecyGrade:
        """The grade of an extract of the register whose highest record is of grade ``records`` (0: none has one)."""
        return self.grade_of(self.dataset("register"), records=records, above_stop=False)
