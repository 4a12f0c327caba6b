"""The person's own folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.core import paths

KINDS = ("data", "config", "cache", "log")
VARIABLES = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")


@pytest.mark.parametrize("said", [None, "", "relative", "/srv/desk", "/srv/desk/"])
@pytest.mark.parametrize("home", ["/people/anna", "/people/anna/", "/"])
@pytest.mark.parametrize("kind", KINDS)
def test_that_the_folder_known_by_heart_is_the_one_that_the_library_says(
    monkeypatch: pytest.MonkeyPatch, kind: str, home: str, said: str | None
) -> None:
    monkeypatch.setattr("db.core.paths.sys.platform", "linux")
    monkeypatch.setenv("HOME", home)
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
        if said is not None:
            monkeypatch.setenv(variable, said)
    assert paths._usual_folder(kind) == paths._platform_folder(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_that_another_system_and_a_person_without_a_home_are_left_to_the_library(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("HOME", "somewhere")
    assert paths._usual_folder(kind) is None
    monkeypatch.setenv("HOME", "/people/anna")
    monkeypatch.setattr("db.core.paths.sys.platform", "win32")
    assert paths._usual_folder(kind) is None


def test_that_a_folder_is_made_when_it_is_first_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert paths.user_folder.__wrapped__("cache").is_dir()
