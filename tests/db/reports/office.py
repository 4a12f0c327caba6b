"""LibreOffice without a window: what an independent program computes and shows."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""


def converted(source: Path, to: str, folder: Path) -> Path:
    """`source` opened, every formula computed anew, and saved as `to` (xlsx, pdf) into `folder`."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: make test installs it where it may")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    out = folder / f"as-{to}"
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--convert-to", to]
    subprocess.run([*command, "--outdir", str(out), str(source)], check=True, capture_output=True, timeout=240)
    return out / f"{source.stem}.{to}"
