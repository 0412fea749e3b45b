"""GML of no dialect of its own: layers through GDAL, curves stroked, no document type, no schema fetched."""

from dataclasses import replace
from pathlib import Path

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile
from xzgis.formats.gdal import read_with
from xzgis.formats.gml_doubts import doubts_of
from xzgis.formats.safe_xml import refuse_document_type


def read(path: Path, *, file: str, work: Path) -> FeatureFile:
    """The layers of a GML document. Refuses a document type declaration, a document without geometry, and what GDAL
    would read wrongly without a word (:mod:`.gml_doubts`).
    """
    refuse_document_type(path, file=file)
    doubts = doubts_of(path, file=file)
    found = read_with("GML", path, file=file, work=work)
    if not found.rows_read:
        raise Invalid(
            Words(
                f"文件 {file} 中没有可读的 GML 要素，请导出为 GeoPackage。",
                f"File {file} holds no GML features that can be read; export it as GeoPackage.",
            )
        )
    return replace(found, notes=(*found.notes, *doubts))
