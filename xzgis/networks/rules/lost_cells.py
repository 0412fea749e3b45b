"""Cells of survey tables whose value is not in the file: formulas nobody calculated (R47), merged cells (R48)."""

from xzgis.core.words import Words
from xzgis.formats.tables import RawTable
from xzgis.networks.rules.mapping import ColumnMap
from xzgis.networks.rules.untitled_columns import column_letters
from xzgis.networks.terms import IntakeFinding

_SHOWN = 5


def lost_cells(table: RawTable, columns: ColumnMap) -> list[IntakeFinding]:
    """What the workbook holds and the reading could not have: each formula by row, merged cells by column.

    A formula in a column that we use is an error of its row: read as empty, a depth would turn into an
    unknown one. In any other column it is a warning of the column, and nothing where a person left it out.
    """
    if columns.role == "other":
        return []
    return [*_formulas(table, columns), *_merged(table)]


def _formulas(table: RawTable, columns: ColumnMap) -> list[IntakeFinding]:
    used = set(columns.mapped.values())
    found: list[IntakeFinding] = []
    beside: dict[str, list[tuple[int, str]]] = {}
    for row, column, formula in table.odd.formulas:
        name = _name(table, column)
        if name in used:
            found.append(_formula(table, name, (row, formula), ""))
        elif name in columns.unmapped:
            beside.setdefault(name, []).append((row, formula))
    for name, cells in beside.items():
        rows = "、".join(str(row) for row, _ in cells[:_SHOWN])
        found.append(_formula(table, name, cells[0], rows))
    untold = table.odd.formula_count - len(table.odd.formulas)
    if untold > 0:
        found.append(
            IntakeFinding(
                "R47",
                "error",
                Words(
                    f"还有 {untold} 个单元格的公式没有存值。",
                    f"{untold} more cells hold a formula without a value.",
                ),
                _CALCULATE,
                file=table.file,
                sheet=table.sheet,
            )
        )
    return found


_CALCULATE = Words(
    "用 Excel 或 WPS 打开，重算并保存后重交；或把公式粘贴为数值。",
    "Open it in a spreadsheet program, calculate, save and deliver again; or paste the formulas as values.",
)


def _formula(table: RawTable, name: str, cell: tuple[int, str], rows: str) -> IntakeFinding:
    """Of one row of a used column, or of all ``rows`` (in words) of a column that is only kept."""
    in_english = f" (rows {rows.replace('、', ', ')})" if rows else ""
    row, formula = cell
    return IntakeFinding(
        "R47",
        "warning" if rows else "error",
        Words(
            f"单元格只有公式，没有存下计算结果{f'（第 {rows} 行）' if rows else ''}，读不到值。",
            f"The cell holds a formula without a stored result{in_english}: there is no value.",
        ),
        _CALCULATE,
        file=table.file,
        sheet=table.sheet,
        row=row,
        field=name,
        value=formula,
    )


def _merged(table: RawTable) -> list[IntakeFinding]:
    by_column: dict[tuple[int, bool], list[tuple[int, int, int, int]]] = {}
    for span in sorted(table.odd.merged):
        first, last, left, right = span
        by_column.setdefault((left, left == right and last > first), []).append(span)
    found: list[IntakeFinding] = []
    for (column, down), spans in by_column.items():
        listed = "、".join(_reference(span) for span in spans[:_SHOWN]) + ("…" if len(spans) > _SHOWN else "")
        in_english = listed.replace("、", ", ")
        words = (
            Words(
                f"合并单元格 {listed}：其值用于所跨的每一行。",
                f"Merged cells {in_english}: their value is used for every row they span.",
            )
            if down
            else Words(
                f"合并单元格 {listed}：跨列合并，只有左上角一格有值，其余按未填。",
                f"Merged cells {in_english} span columns: only the first cell has the value, the others count as empty.",
            )
        )
        found.append(
            IntakeFinding(
                "R48",
                "warning",
                words,
                Words("取消合并，逐格填写后重交。", "Unmerge them and fill every cell."),
                file=table.file,
                sheet=table.sheet,
                row=spans[0][0],
                field=_name(table, column),
            )
        )
    return found


def _reference(span: tuple[int, int, int, int]) -> str:
    first, last, left, right = span
    return f"{column_letters(left + 1)}{first}:{column_letters(right + 1)}{last}"


def _name(table: RawTable, column: int) -> str:
    return table.names[column] if column < len(table.names) else f"column {column + 1}"
