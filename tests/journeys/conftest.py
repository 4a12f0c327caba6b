"""What journeys stand on."""

from __future__ import annotations

import pytest

from tests.journeys.console import Console


@pytest.fixture
def zhaoshang(capsys: pytest.CaptureFixture[str]) -> Console:
    """The command line."""
    return Console(capsys)
