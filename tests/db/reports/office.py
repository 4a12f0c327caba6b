"""LibreOffice without a window: what an independent program computes and shows."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

from db.core.paths import RESOURCES

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{own}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir></fontconfig>
"""


def converted(source: Path, to: str, folder: Path) -> Path:
    """`source` opened, every formula computed anew, and saved as `to` (xlsx, docx, pdf) into `folder`, with our own fonts."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: make test installs it where it may")
    profile, own_fonts = _desk()
    out = folder / f"as-{to}"
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--convert-to", to]
    subprocess.run(
        [*command, "--outdir", str(out), str(source)], check=True, capture_output=True, timeout=240,
        env={**os.environ, "FONTCONFIG_FILE": str(own_fonts)},
    )  # fmt: skip
    return out / f"{source.stem}.{to}"


@cache
def _desk() -> tuple[Path, Path]:
    """The profile of LibreOffice and the list of fonts, made once: the first start with a new profile takes longest."""
    home = Path(tempfile.mkdtemp(prefix="office-", dir=os.environ["HOME"]))  # removed with the home of the tests
    (home / "profile" / "user").mkdir(parents=True)
    (home / "profile" / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    (home / "fonts.conf").write_text(_FONTS.format(own=RESOURCES / "fonts", cache=home / "fonts"), encoding="utf-8")
    return home / "profile", home / "fonts.conf"
