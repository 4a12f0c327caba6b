"""Install the Debian packages that the window and the tests need: `python installer/system.py`.

Only where it may (root, or sudo that asks no password). Elsewhere it says what is missing and what will not work
without it. The program itself needs none of them but the libraries of a real window. With names of packages behind it,
it installs just those.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """Packages, what they are for, and what does not work without them."""

    packages: tuple[str, ...]
    purpose: str
    without: str


NEEDS = (
    Need(
        (
            "libegl1",
            "libgl1",
            "libopengl0",
            "libxkbcommon-x11-0",
            "libdbus-1-3",
            "libfontconfig1",
            "libglib2.0-0",
            "libxcb-cursor0",
            "libxcb-icccm4",
            "libxcb-image0",
            "libxcb-keysyms1",
            "libxcb-randr0",
            "libxcb-render-util0",
            "libxcb-shape0",
            "libxcb-xkb1",
            "libxcb-xfixes0",
        ),
        "a real window",
        "the window does not open (`make run`) and its tests fail",
    ),
    Need(("xvfb", "xauth"), "a window on a machine without a display", "the cold start is measured offscreen"),
    Need(("postgresql",), "tests on a real PostgreSQL", "tests fail unless ZHAOSHANG_TEST_ENGINES=sqlite"),
    Need(
        ("libreoffice-calc", "libreoffice-writer"),
        "recalculating our workbooks in another program",
        "tests of workbooks and the comparison in `make bench` fail",
    ),
    Need(("poppler-utils",), "reading and drawing our PDF with another program", "tests of PDF reports fail"),
)


def is_installed(package: str) -> bool:
    """Whether dpkg knows the package as installed (also under the name a newer Debian gave it)."""
    names = (package, f"{package}t64")
    query = ["dpkg-query", "-W", "-f", "${Status}\n", *names]
    answer = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    return "install ok installed" in answer


def missing() -> list[Need]:
    """What is needed and not here, each need with only its missing packages."""
    left = []
    for need in NEEDS:
        absent = tuple(package for package in need.packages if not is_installed(package))
        if absent:
            left.append(Need(absent, need.purpose, need.without))
    return left


def administrator() -> list[str] | None:
    """How to run a command as root without being asked anything; None where that may not be."""
    if _is_root():
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def install(packages: Sequence[str]) -> bool:
    """Install with apt-get; whether it said yes."""
    root = administrator()
    if root is None or shutil.which("apt-get") is None:
        return False
    quiet = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    print(f"system: installing {' '.join(packages)}", flush=True)
    log = _run([*quiet, "update"])
    if log.returncode == 0:
        log = _run([*quiet, "install", "--no-install-recommends", *packages])
    if log.returncode:
        print(f"system: apt-get said no:\n{(log.stderr or log.stdout).strip()[-800:]}")
    return log.returncode == 0


def main() -> int:
    """Install what is missing where that may be, otherwise say what follows; 1 lets the next set-up ask again."""
    if sys.argv[1:]:
        return 0 if install(sys.argv[1:]) else 1
    if shutil.which("dpkg-query") is None:
        print("system: not a Debian; install PostgreSQL 15, LibreOffice and poppler-utils yourself to run all tests")
        return 0
    left = missing()
    if left:
        install([package for need in left for package in need.packages])
        left = missing()
    for need in left:
        print(f"system: missing {' '.join(need.packages)} (for {need.purpose}); without: {need.without}")
    if left:
        names = " ".join(package for need in left for package in need.packages)
        print(f"system: an administrator installs them with: apt-get install {names}")
    else:
        print("system: all packages here")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
