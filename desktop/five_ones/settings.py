"""What an office decides about the five ones: names, days, limits, issuer; and which rules of the lights hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from db.core.fields import Field, Words
from db.core.text import _
from desktop.kit import theme
from desktop.kit.page import Connection, Page
from desktop.kit.parts import ElidedLabel, label
from desktop.kit.small_form import SmallForm


@dataclass(frozen=True)
class Options:
    """values: setting → what holds. presets: key → (its source, whether it holds)."""

    values: Mapping[str, str]
    presets: Mapping[str, tuple[str, bool]]


def change(page: Page, over: QWidget) -> None:
    """The form, over the page."""
    if page.rests():
        return

    def read(connection: Connection) -> Options:
        from db.core import settings
        from db.five_ones import lights, reading
        from db.five_ones.options import KEYS

        holds = {one.key for kind in ("project", "unit", "decision") for one in reading.presets(connection, kind)}
        presets = {key: (one.source, key in holds) for key, one in lights.delivered().items()}
        return Options({key: settings.get(connection, key) for key in KEYS}, presets)

    page.ask(read, lambda found: OptionsForm(page, found).open_over(over), key="options")


class OptionsForm(SmallForm):
    """What was changed is written as one operation."""

    def __init__(self, page: Page, found: Options) -> None:
        from db.core.settings import SETTINGS

        fields = [(Field(key, SETTINGS[key].label, Words()), value, None) for key, value in found.values.items()]
        super().__init__(page, _("Names, days and rules"), _("Save"), fields)
        self.setFixedWidth(640)
        grid = QGridLayout()
        for place, editor in enumerate(self.editors.values()):
            grid.addWidget(editor, place // 2, place % 2)
        self.lines.insertLayout(1, grid)
        self.boxes: dict[str, QCheckBox] = {}
        at = self.lines.count() - 2
        self.lines.insertWidget(at, label(_("Rules of the lights that hold"), size=12, tone="mute"))
        for key, (source, holds) in found.presets.items():
            box = self.boxes[key] = QCheckBox(ElidedLabel(source).text())
            box.setFont(theme.font(12))
            box.setToolTip(source)
            box.setChecked(holds)
            at += 1
            self.lines.insertWidget(at, box)
        self.named = lambda _values: _("Change names, days and rules of the five ones")
        self.work = lambda connection, values: self._write(connection, found, values)

    def _write(self, connection: Connection, found: Options, values: dict[str, Any]) -> None:
        from db.five_ones import options, service

        typed = {key: str(values.get(key) or "") for key in found.values}
        options.save(connection, {key: text for key, text in typed.items() if text != found.values[key]})
        for key, (_source, held) in found.presets.items():
            wanted = self.boxes[key].isChecked()
            if wanted != held:
                service.switch_preset(connection, key, on=wanted)
