"""The Chinese faces that a machine has of its own: 方正小标宋, 仿宋, 楷体, 黑体, 宋体, as files and under their names.

GB/T 9704 names the _GB2312 cuts; Windows has 仿宋, 楷体, 黑体, 宋体, a desk of 麒麟 or 统信 those of 方正 or the CESI
ones. Licensed faces are used where they are and never shipped.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Literal

Role = Literal["title", "body", "kai", "hei", "table", "table_bold"]
Named = tuple[tuple[str, str], ...]

# (file name in lower case, name of the face in a document), best first.
_SONG: Named = (
    ("simsun.ttc", "宋体"), ("simsun.ttf", "宋体"), ("宋体.ttf", "宋体"), ("fzssk.ttf", "方正书宋_GBK"),
    ("cesi_ss_gb13000.ttf", "CESI宋体-GB13000"), ("cesi_ss_gb2312.ttf", "CESI宋体-GB2312"),
)  # fmt: skip
_HEI: Named = (
    ("simhei.ttf", "黑体"), ("黑体.ttf", "黑体"), ("fzhtk.ttf", "方正黑体_GBK"), ("fzhtjw.ttf", "方正黑体简体"),
    ("cesi_ht_gb13000.ttf", "CESI黑体-GB13000"), ("cesi_ht_gb2312.ttf", "CESI黑体-GB2312"),
)  # fmt: skip
_MACHINE: dict[Role, Named] = {
    "title": (
        ("fzxbsjw.ttf", "方正小标宋简体"), ("方正小标宋简体.ttf", "方正小标宋简体"), ("fzxbsk.ttf", "方正小标宋_GBK"),
        ("方正小标宋_gbk.ttf", "方正小标宋_GBK"), ("fzxiaobiaosong-b05s.ttf", "方正小标宋简体"),
        ("cesi_xbs_gb13000.ttf", "CESI小标宋-GB13000"), ("cesi_xbs_gb2312.ttf", "CESI小标宋-GB2312"),
    ),
    "body": (
        ("仿宋_gb2312.ttf", "仿宋_GB2312"), ("fangsong_gb2312.ttf", "仿宋_GB2312"), ("simfang.ttf", "仿宋"),
        ("仿宋.ttf", "仿宋"), ("fzfsk.ttf", "方正仿宋_GBK"), ("fzfsjw.ttf", "方正仿宋简体"),
        ("cesi_fs_gb13000.ttf", "CESI仿宋-GB13000"), ("cesi_fs_gb2312.ttf", "CESI仿宋-GB2312"),
    ),
    "kai": (
        ("楷体_gb2312.ttf", "楷体_GB2312"), ("kaiti_gb2312.ttf", "楷体_GB2312"), ("simkai.ttf", "楷体"),
        ("楷体.ttf", "楷体"), ("fzktk.ttf", "方正楷体_GBK"), ("fzktjw.ttf", "方正楷体简体"),
        ("cesi_kt_gb13000.ttf", "CESI楷体-GB13000"), ("cesi_kt_gb2312.ttf", "CESI楷体-GB2312"),
    ),
    "hei": _HEI,
    "table": _SONG,
    "table_bold": (),
}  # fmt: skip
# Faces with the Hanzi beyond the usual ones, asked last: a name that no other face can draw.
_RARE = (
    "simsunb.ttf", "simsunextg.ttf", "plangothicp1-regular.ttf", "plangothicp2-regular.ttf", "hanamina.ttf",
    "hanaminb.ttf", "sourcehanserifsc-vf.ttf", "fzssk_ext.ttf", "kaixinsongb.ttf",
)  # fmt: skip
# What a document names where the machine has nothing: what the standard asks, which most desks of an office have.
_STANDARD: dict[Role, str] = {
    "title": "方正小标宋简体", "body": "仿宋_GB2312", "kai": "楷体_GB2312", "hei": "黑体", "table": "宋体", "table_bold": "宋体",
}  # fmt: skip


def machine_folders() -> tuple[Path, ...]:
    """Where this machine keeps fonts."""
    home = Path.home()
    if sys.platform == "win32":
        windows = Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
        return (windows, home / "AppData/Local/Microsoft/Windows/Fonts")
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", home / ".local/share/fonts")


def machine_paths(role: Role) -> Iterator[Path]:
    """The files of this machine's faces for `role`, best first."""
    found = _fonts_in(machine_folders())
    return (found[name] for name, _face in _MACHINE[role] if name in found)


def rare_paths() -> Iterator[Path]:
    """The files of this machine's faces with rare Hanzi."""
    found = _fonts_in(machine_folders())
    return (found[name] for name in _RARE if name in found)


def name_in_document(role: Role, *, machine: bool = True) -> str:
    """What a document calls the face of `role`: this machine's, or the one the standard asks for."""
    found = _fonts_in(machine_folders()) if machine else {}
    return next((face for name, face in _MACHINE[role] if name in found), _STANDARD[role])


@cache
def _fonts_in(folders: tuple[Path, ...]) -> dict[str, Path]:
    wanted = {name for named in _MACHINE.values() for name, _face in named}.union(_RARE)
    return {path.name.lower(): path for path in _files(folders) if path.name.lower() in wanted}


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for place, _folders, names in os.walk(folder):
            yield from (Path(place) / name for name in names)
