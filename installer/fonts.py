"""Fetch the fonts of the screen and of the PDF into resources/fonts: `python installer/fonts.py`.

A fresh machine has no Chinese font, and the outlines of Debian's are of a kind that a PDF writer refuses. These come
from two npm packages, pinned, and every file is compared with the checksum kept here. A second run only compares.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "fonts"
VERSION = "0.4.3"


@dataclass(frozen=True)
class Font:
    """One file: its name here, the package and path it comes from, and its SHA-256."""

    name: str
    package: str
    path: str
    sha256: str


FONTS = (
    Font(
        "NotoSansSC-Regular.ttf",
        "noto-sans-sc",
        "400Regular/NotoSansSC_400Regular.ttf",
        "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
    ),
    Font(
        "NotoSansSC-Bold.ttf",
        "noto-sans-sc",
        "700Bold/NotoSansSC_700Bold.ttf",
        "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
    ),
    Font(
        "OFL-NotoSansSC.txt",
        "noto-sans-sc",
        "LICENSE_FONT",
        "1c05c68c34f9708415aada51f17e1b0092d2cea709bf4a94cd38114f9e73d7d9",
    ),
    Font(
        "NotoSerifSC-Regular.ttf",
        "noto-serif-sc",
        "400Regular/NotoSerifSC_400Regular.ttf",
        "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742",
    ),
    Font(
        "NotoSerifSC-Bold.ttf",
        "noto-serif-sc",
        "700Bold/NotoSerifSC_700Bold.ttf",
        "9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6",
    ),
    Font(
        "OFL-NotoSerifSC.txt",
        "noto-serif-sc",
        "LICENSE_FONT",
        "5e0da210fb04058a8c0087985d2d456b931c2579811a49655721d3cf0c36b6d6",
    ),
)


class FontsMissing(Exception):
    """A font could not be had; the sentence says why and what follows."""


def is_right(font: Font, folder: Path = FOLDER) -> bool:
    """Whether this file is here and is what was pinned."""
    path = folder / font.name
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == font.sha256


def fetch_package(package: str, into: Path) -> Path:
    """Fetch the package's archive with npm; nothing is written outside `into`, so an empty home is enough."""
    npm = shutil.which("npm")
    if npm is None:
        raise FontsMissing("npm is not on this machine")
    cache = into / "cache"
    environment = os.environ | {"npm_config_cache": str(cache), "npm_config_update_notifier": "false"}
    wanted = f"@expo-google-fonts/{package}@{VERSION}"
    command = [npm, "pack", "--silent", "--pack-destination", str(into), wanted]
    done = subprocess.run(command, cwd=into, env=environment, capture_output=True, text=True, check=False)
    archives = list(into.glob(f"*{package}-{VERSION}.tgz"))
    if done.returncode or not archives:
        raise FontsMissing(f"npm could not fetch {wanted}: {done.stderr.strip()[-300:]}")
    return archives[0]


def take(font: Font, archive: Path, folder: Path = FOLDER) -> None:
    """Copy one file out of the archive; what differs from its checksum is refused."""
    with tarfile.open(archive) as stored:
        member = stored.extractfile(f"package/{font.path}")
        content = member.read() if member else b""
    if hashlib.sha256(content).hexdigest() != font.sha256:
        raise FontsMissing(f"{font.name} is not the file that was pinned; it was not kept")
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{font.name}.part"
    partial.write_bytes(content)
    partial.replace(folder / font.name)


def fetch_all(folder: Path = FOLDER) -> list[str]:
    """Fetch whatever is missing or wrong; the names of the files that were fetched."""
    missing = [font for font in FONTS if not is_right(font, folder)]
    for package in dict.fromkeys(font.package for font in missing):
        with tempfile.TemporaryDirectory(prefix="zhaoshang-fonts-") as place:
            archive = fetch_package(package, Path(place))
            for font in missing:
                if font.package == package:
                    take(font, archive, folder)
    return [font.name for font in missing]


def main() -> int:
    """Fetch, and say what was done or what will be missing."""
    try:
        fetched = fetch_all()
    except FontsMissing as why:
        print(f"fonts: {why}.\nWithout them Chinese text shows as boxes on a machine that has no Chinese font, and PDF")
        print("reports are refused. Put the files named in resources/fonts/README.md into resources/fonts/ yourself.")
        return 1
    print(f"fonts: fetched {', '.join(fetched)}" if fetched else "fonts: all here")
    return 0


if __name__ == "__main__":
    sys.exit(main())
