"""Files that GDAL reads, each through one driver named by us, under a name chosen by us.

The source is linked under a neutral name first: a stranger's file name never reaches GDAL, so neither
``/vsi`` names nor GDAL's archive syntax (``!name``, ``{archive}``) can be spoken through it, and whatever
GDAL writes beside its sources stays in the work folder.
"""

import os
import shutil
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats.features import (
    MAX_FEATURES,
    FeatureFile,
    Layer,
    Note,
    as_geometries,
    capped,
    rows_from_one,
    sound_geometry,
)

# Drivers that reach the network, run programs or open other files on a stranger's word. The child process
# has no network either; this is the second wall, in force when this module is loaded before GDAL.
_FORBIDDEN = "ADBC AmigoCloud Carto CSW EEDA Elasticsearch GDALG GPSBabel HTTP LIBKML NGW OAPIF OGCAPI OGR_VRT PLSCENES WFS"
os.environ.setdefault("GDAL_SKIP", _FORBIDDEN.replace(" ", ","))
os.environ.setdefault("GDAL_PAM_ENABLED", "NO")
os.environ.setdefault("OGR_SQLITE_LOAD_EXTENSIONS", "NO")
# Degrees per straight piece of an arc: 1 mm off an arc of 100 m. GDAL's own 4 degrees lie 6 cm off it.
os.environ.setdefault("OGR_ARC_STEPSIZE", "0.5")

import pyogrio  # noqa: E402 - the environment above must be set before GDAL registers its drivers
import pyogrio.raw  # noqa: E402 - for the same reason

SUFFIXES = {"GPKG": ".gpkg", "ESRI Shapefile": ".shp", "GML": ".gml", "FlatGeobuf": ".fgb"}


def read_with(
    driver: str,
    path: Path,
    *,
    file: str,
    work: Path,
    encoding: str | None = None,
    beside: Mapping[str, Path] | None = None,
    only: Sequence[str] | None = None,
) -> FeatureFile:
    """Every layer of ``path`` that has geometry, read by ``driver`` and no other.

    ``file`` is the name people know; ``work`` is a folder of this call; ``beside`` are the parts that belong
    to the source, by suffix (a shapefile's); ``only`` names the layers wanted. Refuses what the driver cannot open,
    more than :data:`~xzgis.formats.features.MAX_FEATURES` features, and text that is not what it claims to be.
    """
    folder = work / "source"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for part_suffix, part in (beside or {}).items():
        _link(part, folder / f"input{part_suffix}")
    source = folder / f"input{_suffix(driver, path)}"
    _link(path, source)
    layers: list[Layer] = []
    notes: list[Note] = []
    for name, geometry_type in _layers(source, driver, file):
        if only is not None and name not in only:
            continue
        if geometry_type is None:
            notes.append(_without_geometry(name, driver))
            continue
        layer, seen = _layer(source, name, file=file, encoding=encoding)
        layer, unsound = sound_geometry(layer)
        layers.append(layer)
        notes += [*seen, *unsound]
    return FeatureFile(file, driver, tuple(layers), capped(notes))


def _without_geometry(name: str, driver: str) -> Note:
    """A layer of facts alone; of a GML it may be a dialect whose geometry nobody understood."""
    words = Words(f"图层 {name} 没有几何，未读", f"layer {name} has no geometry, not read")
    if driver != "GML":
        return Note("R33", "info", words, Words("无需处理", "nothing to do"), layer=name)
    remedy = Words(
        "如其中有管线，请在 GIS 软件中打开，另存为 GeoPackage 后重交",
        "if it holds lines, open it in a GIS program and save it as GeoPackage",
    )
    return Note("R37", "warning", words, remedy, layer=name)


def _suffix(driver: str, path: Path) -> str:
    """The ending under which ``driver`` recognises the file; OSM comes as XML or packed."""
    if driver != "OSM":
        return SUFFIXES[driver]
    with path.open("rb") as stream:
        is_xml = stream.read(256).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return ".osm" if is_xml else ".osm.pbf"


def _link(path: Path, target: Path) -> None:
    """``path`` under a name of ours: a hard link where the file system allows, else a copy."""
    try:
        os.link(path.resolve(), target)
    except OSError:
        shutil.copyfile(path, target)


def _layers(source: Path, driver: str, file: str) -> list[tuple[str, str | None]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = [
                (str(name), None if kind is None else str(kind)) for name, kind in pyogrio.list_layers(source)
            ]
            if found and pyogrio.read_info(source, layer=found[0][0])["driver"] != driver:
                raise _refused(file, driver, "内容与格式不符", "its content is of another format")
    except pyogrio.errors.DataSourceError as broken:
        raise _refused(file, driver, "文件已损坏或不是该格式", _short(broken)) from broken
    except (pyogrio.errors.DataLayerError, UnicodeDecodeError, ValueError) as broken:
        raise _refused(file, driver, "图层无法读取", _short(broken)) from broken
    return found


def _layer(source: Path, name: str, *, file: str, encoding: str | None) -> tuple[Layer, list[Note]]:
    notes: list[Note] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                about, frame, geometry = _by_arrow(source, name, encoding)
            except NotImplementedError:
                about, frame, geometry = _straightened(source, name, encoding)
                notes.append(
                    Note(
                        "G08",
                        "info",
                        Words("曲线已展为折线", "curves were stroked into straight pieces"),
                        Words("无需处理", "nothing to do"),
                        layer=name,
                    )
                )
    except (
        pa.ArrowException,
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        shapely.errors.ShapelyError,
        UnicodeDecodeError,
        ValueError,
        OSError,
    ) as broken:
        raise _refused(file, name, "图层已损坏或文字编码不对", _short(broken)) from broken
    if len(frame) > MAX_FEATURES:
        raise _refused(file, name, f"要素超过 {MAX_FEATURES} 个", f"more than {MAX_FEATURES} features")
    crs = declared_crs(about["crs"])
    return Layer(name, frame, geometry, rows_from_one(len(frame)), crs, "layer" if crs else None), notes


def _by_arrow(source: Path, name: str, encoding: str | None) -> tuple[dict[str, Any], pd.DataFrame, Any]:
    about, table = pyogrio.raw.read_arrow(source, layer=name, encoding=encoding)
    column = about["geometry_name"] or "wkb_geometry"
    wkb = table.column(column).to_numpy()
    geometry = np.asarray(shapely.from_wkb(wkb, on_invalid="raise"), dtype=object)
    return about, _frame(table.drop_columns([column])), geometry


def _frame(table: pa.Table) -> pd.DataFrame:
    """``table`` as pandas; texts stay Arrow texts, because a million Python strings would cost seconds."""
    texts = pd.StringDtype("pyarrow", na_value=np.nan)
    mapped = {pa.string(): texts, pa.large_string(): texts}
    frame: pd.DataFrame = table.to_pandas(types_mapper=mapped.get)
    return frame.reset_index(drop=True)


def _straightened(source: Path, name: str, encoding: str | None) -> tuple[dict[str, Any], pd.DataFrame, Any]:
    about, _, wkb, columns = pyogrio.raw.read(source, layer=name, encoding=encoding)
    frame = pd.DataFrame(dict(zip(about["fields"], columns, strict=True)))
    return about, frame, as_geometries(list(shapely.from_wkb(wkb)))


def declared_crs(crs: str | None) -> str | None:
    """``crs`` as GDAL tells it, None for the placeholders that mean "undefined"."""
    if not crs:
        return None
    head = crs[:60].lower()
    is_placeholder = "undefined" in head or head.startswith(("engcrs", "local_cs", "localcs"))
    return None if is_placeholder else crs


def _short(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text.replace(os.sep + "source" + os.sep, "")[-160:]


def _refused(file: str, what: str, zh: str, en: str) -> Invalid:
    return Invalid(
        Words(
            f"文件 {file}（{what}）无法读取：{zh}。请在来源软件中检查并重新导出。",
            f"File {file} ({what}) cannot be read: {en}. Check it in its source program and export again.",
        )
    )


def hstore_values(texts: pd.Series, keys: Sequence[str]) -> pd.DataFrame:
    """Values of ``keys`` in GDAL's ``other_tags`` texts (``"key"=>"value",…``), one column per key."""
    return pd.DataFrame(
        {key: texts.str.extract(rf'(?:^|,)"{key}"=>"((?:[^"\\]|\\.)*)"', expand=False) for key in keys}
    )
