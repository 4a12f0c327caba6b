"""The shared ledgers with their gold, beside the checkout (shared/ledgers)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "ledgers"
needs_ledgers = pytest.mark.skipif(not FOLDER.exists(), reason="the shared ledgers are not beside this checkout")


def gold(file: str) -> dict[str, Any]:
    """What a ledger must come in as."""
    found = json.loads((FOLDER / "gold.json").read_text("utf-8"))
    return next(entry for entry in found if entry["file"] == file)
