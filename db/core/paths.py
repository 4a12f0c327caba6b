"""Where things lie: the program's own resources and the person's folders."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


def _resources() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    beside = Path(__file__).resolve().parents[2] / "resources"
    return beside if beside.is_dir() else Path(__file__).resolve().parents[1] / "resources"


RESOURCES = _resources()


@cache
def user_folder(kind: str) -> Path:
    """The person's own folder for `kind` ("data", "config", "cache", "log"), made when missing."""
    import platformdirs

    folder = {
        "data": platformdirs.user_data_path,
        "config": platformdirs.user_config_path,
        "cache": platformdirs.user_cache_path,
        "log": platformdirs.user_log_path,
    }[kind]("zhaoshang", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
