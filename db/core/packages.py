"""Office files as packages: how their heads look, and what reading a broken one raises."""

from __future__ import annotations

import struct
import zipfile
import zlib

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the older kind of file, and the cover of an encrypted one
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, struct.error, RuntimeError)
