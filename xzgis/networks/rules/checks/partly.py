"""Whether lines of a kind came under codes of a part of it alone (R53): the kind is then not looked at where they lie."""

from xzgis.core.words import Words
from xzgis.networks.rules.checks.report import Checker
from xzgis.networks.rules.own_export import INTAKE as OWN_EXPORT
from xzgis.networks.rules.partial_codes import PARTLY_LOOKED, PartialCodes, kinds_in_part, partly_told
from xzgis.networks.rules.surveyed import evidence


def check_partly_looked(checker: Checker) -> None:
    """R53: one warning per kind of which only a network beside its own was surveyed. Own exports say where somebody looked."""
    if checker.delivery.intake == OWN_EXPORT or checker.delivery.crs.displaced is not None:
        return
    lines = checker.lines.rename(columns={"from_point": "from_node", "to_point": "to_node"})
    found = kinds_in_part(evidence(checker.points, lines), PartialCodes.of(checker.catalogue))
    for kind, codes in found.items():
        checker.tell(
            PARTLY_LOOKED,
            None,
            partly_told(checker.catalogue.kinds[kind], codes),
            Words(
                "如同时普查了该类的其他管线，请一并交来；或在“数据”页登记覆盖范围，写明由谁何时普查。"
                "代码表未列的代码如就是该类本身，请列入 layers/kinds；图层如为该类全部管线，请以管类为图层或文件命名"
                "（如“燃气管线”）后重新导入",
                "If the other lines of the kind were surveyed too, deliver them together; or draw the coverage on the page"
                " of data, saying who looked and when. A code in no table that is the kind itself goes into layers/kinds; "
                "name a layer that holds all lines of the kind, or its file, by it (gas_main) and import again",
            ),
            field="kind",
            value=checker.catalogue.kinds[kind].zh,
            level="warning",
        )
