"""The one way in for files of features: recognised by content, read in a child process with limits."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats import child
from xzgis.formats.features import FeatureFile, read_pack, write_pack
from xzgis.formats.sniff import Recognised, recognise

_SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def read_feature_files(
    paths: Sequence[Path],
    *,
    explode_blocks: bool = False,
    limits: tuple[int, int] = (300, 8192),
    progress: child.Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[FeatureFile, ...]:
    """Every file of ``paths`` as layers of features, in order; loose parts of a shapefile count as one file.

    ``limits`` are CPU seconds and megabytes of the reading process. Refuses in one sentence what is no file of
    features, what is damaged, and what breaks the limits.
    """
    read: list[FeatureFile] = []
    taken: set[Path] = set()
    for path in paths:
        if path in taken:
            continue
        parts = _parts(path, paths)
        taken.update(parts)
        share = None if progress is None else _share(progress, paths.index(path), len(paths), path.name)
        read.append(_one(path, parts, explode_blocks, limits, share, cancelled))
    return tuple(read)


def _share(progress: child.Progress, done: int, of: int, name: str) -> child.Progress:
    """The progress of one file as its share of all; its name is the step."""

    def tell(percent: float, _step: str) -> None:
        progress((100.0 * done + percent) / of, name)

    return tell


def _parts(path: Path, paths: Sequence[Path]) -> list[Path]:
    """``path`` and, for a loose shapefile, the parts that lie beside it or came with it."""
    if path.suffix.lower() not in _SHAPE_PARTS:
        return [path]
    came = [
        one
        for one in paths
        if one.stem.casefold() == path.stem.casefold() and one.suffix.lower() in _SHAPE_PARTS
    ]
    beside = [path.with_suffix(suffix) for suffix in _SHAPE_PARTS if path.with_suffix(suffix).exists()]
    return list(dict.fromkeys([path, *came, *beside]))


def _one(
    path: Path,
    parts: Sequence[Path],
    explode_blocks: bool,
    limits: tuple[int, int],
    progress: child.Progress | None,
    cancelled: Callable[[], bool] | None,
) -> FeatureFile:
    shape = next((one for one in parts if one.suffix.lower() == ".shp"), path)
    found = feature_format(shape)
    # The child may run under another mount of the file system: only absolute, real paths go in.
    inputs = [one.resolve() for one in (parts if found.format == "shapefile_part" else [shape])]
    with tempfile.TemporaryDirectory(prefix="xzgis-features-") as folder:
        work = Path(folder)
        arguments = {
            "paths": [str(one) for one in inputs],
            "file": shape.name,
            "format_": found.format,
            "explode_blocks": explode_blocks,
        }
        child.call(
            "xzgis.formats.feature_files.read_to_folder",
            arguments,
            work=work,
            inputs=inputs,
            limits=limits,
            progress=progress,
            cancelled=cancelled,
        )
        return read_pack(work)


def feature_format(path: Path) -> Recognised:
    """What the file is; refuses what is not a file of features."""
    found = recognise(path).require(path.name)
    if found.reader != "features":
        raise Invalid(
            Words(
                f"文件 {path.name} 是{found.words.zh}，应按管点管线表导入。",
                f"File {path.name} is {found.words.en}; import it as survey tables.",
            )
        )
    return found


def read_to_folder(
    *,
    work: Path,
    tell: Callable[[float, str], None],
    paths: list[str],
    file: str,
    format_: str,
    explode_blocks: bool,
) -> dict[str, Any]:
    """The child's side: read the file and leave its layers in ``work``. Gives the number of features."""
    tell(0.0, "read")
    read = read_one(
        [Path(one) for one in paths], file=file, format_=format_, work=work, explode_blocks=explode_blocks
    )
    tell(80.0, "hand over")
    write_pack(read, work)
    return {"features": read.rows_read}


def read_one(
    paths: Sequence[Path], *, file: str, format_: str, work: Path, explode_blocks: bool = False
) -> FeatureFile:
    """The file read by the reader of ``format_`` in this very process. Only the child and tests call it."""
    # Imported here: the parent never loads GDAL or lxml for a stranger's file. The library of drawings takes longer
    # than most files, since it looks for the fonts of the machine first.
    if format_ == "dxf":
        from xzgis.formats import dxf

        return dxf.read(paths[0], file=file, explode_blocks=explode_blocks)
    from xzgis.formats import geojson, geopackage, gml, imkl, osm, shapefile

    path = next((one for one in paths if one.suffix.lower() == ".shp"), paths[0])
    readers: dict[str, Callable[[], FeatureFile]] = {
        "geopackage": lambda: geopackage.read(path, file=file, work=work),
        "shapefile": lambda: shapefile.read_zip(path, file=file, work=work),
        "shapefile_part": lambda: shapefile.read_parts(paths, file=file, work=work),
        "geojson": lambda: geojson.read(path, file=file),
        "imkl": lambda: imkl.read(path, file=file, work=work),
        "osm": lambda: osm.read(path, file=file, work=work),
        "gml": lambda: gml.read(path, file=file, work=work),
    }
    return readers[format_]()
