"""LibreOffice without a window: what an independent program computes and shows."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from db.core.paths import RESOURCES

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse">
<value>true</value></prop></item>
</oor:items>
"""
_FILTERS = {"xls": "xls:MS Excel 97", "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1"}
_PATIENCE = 240  # seconds for one start; a slow machine takes ten
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{own}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir></fontconfig>
"""


def converted(source: Path, to: str, folder: Path) -> Path:
    """`source` opened, every formula computed anew, and saved as `to` (xlsx, docx, pdf) into `folder`, with our own fonts."""
    return all_converted([source], to, folder)[0]


def all_converted(sources: Sequence[Path], to: str, folder: Path) -> list[Path]:
    """Each of `sources` as `converted`, in one start of the program."""
    out = folder / f"as-{to}"
    _run("--convert-to", _FILTERS.get(to, to), "--outdir", str(out), *map(str, sources))
    made = [out / f"{source.stem}.{to}" for source in sources]
    lacking = [path.name for path in made if not path.exists()]
    assert not lacking, f"LibreOffice saved no {lacking}"
    return made


def _run(*told: str) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: make test installs it where it may")
    # An office that stands still is no fault of ours: it is ended with the processes it started, and started once more.
    if not (_ended(program, *told) or _ended(program, *told)):
        pytest.fail(f"LibreOffice stood still twice over {told}")


def _ended(program: str, *told: str) -> bool:
    """Whether it came to an end in time. Its words go to a file: a pipe is held open by what outlives it."""
    profile, own_fonts = _desk()
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", *told]
    fonts = {**os.environ, "FONTCONFIG_FILE": str(own_fonts)}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=fonts, start_new_session=True
        )
        try:
            code = process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            _desk.cache_clear()
            return False
        said.seek(0)
        assert code == 0, said.read().decode(errors="replace")
    return True


@cache
def _desk() -> tuple[Path, Path]:
    """The profile of LibreOffice and the list of fonts, made once: the first start with a new profile takes longest."""
    home = Path(tempfile.mkdtemp(prefix="office-", dir=os.environ["HOME"]))  # removed with the home of the tests
    user = home / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    (home / "fonts.conf").write_text(_FONTS.format(own=RESOURCES / "fonts", cache=home / "fonts"), encoding="utf-8")
    return home / "profile", home / "fonts.conf"
