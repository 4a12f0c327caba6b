"""What `make run` does once all is set up: the demonstration book in the window, or its report without a display."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "out"
PERIOD = "2024-01..2024-06"


def has_display() -> bool:
    """Whether a window can be shown: Windows and macOS always can, others where a display is named."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def zhaoshang(*arguments: str) -> int:
    """Run the program's own command; its exit code."""
    return subprocess.run([sys.executable, "-m", "desktop", *arguments], cwd=ROOT, check=False).returncode


def demonstration() -> Path:
    """The demonstration book, made when it is not there yet."""
    book = OUT / "demo.zsb"
    if not book.exists():
        OUT.mkdir(exist_ok=True)
        print(f"演示账本 · demonstration book: {book.relative_to(ROOT)}", flush=True)
        code = zhaoshang("demo", str(book))
        if code:
            sys.exit(code)
    return book


def report(book: Path) -> int:
    """Write the report of the demonstration and print where it is."""
    print(
        "没有显示器，改为生成演示月报。 · There is no display here; making the demonstration report instead.",
        flush=True,
    )
    code = zhaoshang("report", str(book), "--period", PERIOD, "--out", str(OUT))
    made = sorted(path for path in OUT.iterdir() if path.suffix in (".xlsx", ".pdf", ".docx"))
    for path in made if code == 0 else []:
        print(path.relative_to(ROOT))
    return code


def main() -> int:
    """Open the window, or make the report."""
    book = demonstration()
    return zhaoshang("--book", str(book)) if has_display() else report(book)


if __name__ == "__main__":
    sys.exit(main())
