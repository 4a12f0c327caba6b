"""Commands as a person at a terminal gives them, in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from db import cli


@dataclass(frozen=True)
class Answer:
    """Exit code, and what was said on standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON object."""
        return json.loads(self.out)


class Console:
    """Give it words, get an answer."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured

    def __call__(self, *words: object) -> Answer:
        self._captured.readouterr()
        try:
            code = cli.main([str(word) for word in words])
        except SystemExit as done:  # --help and --version
            code = int(done.code or 0)
        said = self._captured.readouterr()
        return Answer(code, said.out, said.err)
