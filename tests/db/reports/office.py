"""LibreOffice without a window: what an independent program computes and shows."""

from __future__ import annotations

import os
import shutil
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
# Many tables in one start: a line a table, where it lies, where it goes, the filter and its options.
_MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Saving" script:language="StarBasic">
Sub SaveAll(list As String)
  Dim number As Integer, text As String, parts, document
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  Dim how(1) As New com.sun.star.beans.PropertyValue
  number = FreeFile
  Open list For Input As number
  Do While Not Eof(number)
    Line Input #number, text
    parts = Split(text, Chr(9))
    document = StarDesktop.loadComponentFromURL(parts(0), "_blank", 0, hidden())
    how(0).Name = "FilterName" : how(0).Value = parts(2)
    how(1).Name = "FilterOptions" : how(1).Value = parts(3)
    document.storeToURL(parts(1), how())
    document.close(True)
  Loop
  Close number
End Sub
</script:module>
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Saving"/></library:library>
"""
_LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" library:link="false"/></library:libraries>
"""
_FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML\t", ".xls": "MS Excel 97\t", ".ods": "calc8\t",
    ".csv": "Text - txt - csv (StarCalc)\t44,34,76,1",
}  # fmt: skip
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{own}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir></fontconfig>
"""


def converted(source: Path, to: str, folder: Path) -> Path:
    """`source` opened, every formula computed anew, and saved as `to` (xlsx, docx, pdf) into `folder`, with our own fonts."""
    out = folder / f"as-{to}"
    _run("--convert-to", to, "--outdir", str(out), str(source))
    return out / f"{source.stem}.{to}"


def saved(tables: Sequence[tuple[Path, Path]]) -> None:
    """Each first table opened and saved as the second, in the format of its ending: all in one start."""
    wanted = Path(tempfile.mkdtemp(prefix="saving-", dir=os.environ["HOME"])) / "list.txt"
    lines = (f"{one.as_uri()}\t{other.as_uri()}\t{_FILTERS[other.suffix]}\n" for one, other in tables)
    wanted.write_text("".join(lines), encoding="ascii")
    _run(f'macro:///Standard.Saving.SaveAll("{wanted}")')
    lacking = [other.name for _one, other in tables if not other.exists()]
    assert not lacking, f"LibreOffice saved no {lacking}"


def _run(*told: str) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: make test installs it where it may")
    profile, own_fonts = _desk()
    subprocess.run(
        [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", *told], check=True,
        capture_output=True, timeout=240, env={**os.environ, "FONTCONFIG_FILE": str(own_fonts)},
    )  # fmt: skip


@cache
def _desk() -> tuple[Path, Path]:
    """The profile of LibreOffice and the list of fonts, made once: the first start with a new profile takes longest."""
    home = Path(tempfile.mkdtemp(prefix="office-", dir=os.environ["HOME"]))  # removed with the home of the tests
    user = home / "profile" / "user"
    (user / "basic" / "Standard").mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    (user / "basic" / "script.xlc").write_text(_LIBRARIES, encoding="utf-8")
    (user / "basic" / "Standard" / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    (user / "basic" / "Standard" / "Saving.xba").write_text(_MACRO, encoding="utf-8")
    (home / "fonts.conf").write_text(_FONTS.format(own=RESOURCES / "fonts", cache=home / "fonts"), encoding="utf-8")
    return home / "profile", home / "fonts.conf"
