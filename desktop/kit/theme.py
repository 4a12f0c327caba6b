"""The look as data: colours, sizes and type, and what Qt needs to be told of them (palette, style sheet, font).

Colours are named by what they are for; a page never writes a colour. Text on soft ground keeps 4.5 : 1 in both themes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from db.core.paths import RESOURCES
from desktop.kit.words import language

THEMES = ("light", "dark")
ROW_HEIGHTS = {"compact": 26, "normal": 30, "loose": 36}

WELCOME_SIDE, RAIL_WIDTH, RAIL_ITEM = 328, 152, 36
RAIL_FOLDED, RAIL_NARROW = 52, 900  # in windows below this width the rail shows pictures only
TOP_BAR, FILTER_BAR, FOOTER, ACTION_BAR = 48, 44, 30, 56
BUTTON, SMALL_BUTTON, SWITCH = 32, 26, 28
TABLE_HEADER, PAGE_PADDING, CELL_PADDING = 34, 12, 8
PANE_WIDTH, PANE_NARROWEST, PANE_WIDEST = 372, 320, 560


class Tokens(NamedTuple):
    """The colours of one theme."""

    name: str
    bg: str
    panel: str
    line: str
    line2: str
    text: str
    mute: str
    faint: str
    accent: str
    accent_soft: str
    on_accent: str
    sel: str
    rail: str
    rail_text: str
    rail_on: str
    red: str
    red_soft: str
    amber: str
    amber_soft: str
    green: str
    green_soft: str
    desk: str
    pressed_accent: str

    def color(self, name: str) -> QColor:
        """A colour by its name here, for painting."""
        return _color(str(getattr(self, name)))


LIGHT = Tokens(
    name="light", bg="#F5F6F8", panel="#FFFFFF", line="#E1E5EB", line2="#EEF1F5", text="#1C2430", mute="#5B6675",
    faint="#6A7584", accent="#1F5FBF", accent_soft="#E8F0FB", on_accent="#FFFFFF", sel="#DCE9FB", rail="#14202F",
    rail_text="#B9C4D3", rail_on="#FFFFFF", red="#B72C26", red_soft="#FBEAE9", amber="#8F5500", amber_soft="#FCF2DF",
    green="#1E7B4D", green_soft="#E5F4EC", desk="#DDE1E8", pressed_accent="#184C9A",
)  # fmt: skip
DARK = Tokens(
    name="dark", bg="#14181E", panel="#1C222A", line="#2E3742", line2="#252D37", text="#E6EAF0", mute="#A3AEBC",
    faint="#8C98A6", accent="#6EA3F0", accent_soft="#22344E", on_accent="#0E1319", sel="#29405F", rail="#0E1319",
    rail_text="#97A3B3", rail_on="#FFFFFF", red="#F08079", red_soft="#44211F", amber="#E0A54A", amber_soft="#3D2F14",
    green="#63C08F", green_soft="#173526", desk="#0E1319", pressed_accent="#8DB7F4",
)  # fmt: skip

_current = LIGHT


@cache
def _color(code: str) -> QColor:
    return QColor(code)


def tokens() -> Tokens:
    """The colours in use."""
    return _current


@contextmanager
def on_paper() -> Iterator[None]:
    """Light colours for what leaves the window, whatever the window wears."""
    global _current  # noqa: PLW0603 - as in `apply`
    before, _current = _current, LIGHT
    try:
        yield
    finally:
        _current = before


def dim() -> QColor:
    """What lies over the page under the search of everything."""
    over = QColor(LIGHT.rail) if _current is LIGHT else QColor("#000000")
    over.setAlphaF(0.34 if _current is LIGHT else 0.5)
    return over


def system_theme() -> str:
    """What the desk prefers: `dark` only where its own windows are."""
    QGuiApplication.setPalette(QPalette())  # the desk's, which ours will cover again
    own = QGuiApplication.palette()
    return "dark" if own.window().color().lightness() < own.windowText().color().lightness() else "light"


def apply(app: QApplication, wanted: str) -> None:
    """Dress the whole application; `wanted` is light, dark or system."""
    global _current  # noqa: PLW0603 - a process has one look
    chosen = system_theme() if wanted == "system" else wanted
    _current = DARK if chosen == "dark" else LIGHT
    font.cache_clear()
    metrics.cache_clear()
    app.setFont(font(13))
    app.setPalette(_palette(_current))
    app.setStyleSheet(style_sheet(_current))


@cache
def load_fonts() -> str:
    """Make the bundled face known and give its family; the desk's own where set-up has not fetched it."""
    family = ""
    for weight in ("Regular", "Bold"):
        path = RESOURCES / "fonts" / f"NotoSansSC-{weight}.ttf"
        number = QFontDatabase.addApplicationFont(str(path)) if path.exists() else -1
        if number >= 0:
            family = QFontDatabase.applicationFontFamilies(number)[0]
    return family or QGuiApplication.font().family()


@cache
def font(size: int, *, bold: bool = False, strike: bool = False) -> QFont:
    """The one face, `size` logical pixels high, with figures of equal width. Shared: do not change it."""
    face = QFont(load_fonts())
    face.setPixelSize(size)
    face.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    face.setFeature(QFont.Tag("tnum"), 1)
    if language() == "en":
        face.setFeature(QFont.Tag("palt"), 1)  # “ ” as wide as Latin ones; a Chinese sentence wants them full
    face.setStrikeOut(strike)
    face.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return face


@cache
def metrics(size: int, *, bold: bool = False) -> QFontMetrics:
    """How wide texts are in this size."""
    return QFontMetrics(font(size, bold=bold))


def _palette(of: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for name, color in {
        role.Window: of.bg, role.WindowText: of.text, role.Base: of.panel, role.AlternateBase: of.bg,
        role.Text: of.text, role.Button: of.panel, role.ButtonText: of.text, role.BrightText: of.red,
        role.Highlight: of.sel, role.HighlightedText: of.text, role.Link: of.accent, role.LinkVisited: of.accent,
        role.ToolTipBase: of.panel, role.ToolTipText: of.text, role.PlaceholderText: of.faint, role.Light: of.panel,
        role.Midlight: of.line2, role.Mid: of.line, role.Dark: of.line, role.Shadow: of.line, role.Accent: of.accent,
    }.items():  # fmt: skip
        palette.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(of.faint))
    return palette


@cache
def style_sheet(of: Tokens) -> str:
    """resources/styles/window.qss with `@name` replaced by the theme's colours."""
    text = (RESOURCES / "styles" / "window.qss").read_text(encoding="utf-8")
    colors = of._asdict() | {"icons": (RESOURCES / "icons").as_posix()}
    return re.sub(r"@([a-z]+[a-z0-9_]*)", lambda found: colors[found[1]], text)
