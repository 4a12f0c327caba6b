"""What the window says, in the language of the person at the desk.

A report's language is an argument; a screen has one person before it, so its language is kept once, here.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from db.core.text import LANGUAGES, Text, say, system_language

_state: dict[str, str] = {}
_translators: list[QTranslator] = []


def language() -> str:
    """The window's language: `zh` or `en`."""
    return _state.get("language") or system_language()


def speak(lang: str) -> None:
    """Choose the window's language, Qt's own buttons and dialogs included."""
    _state["language"] = lang if lang in LANGUAGES else system_language()
    chinese = QLocale(QLocale.Language.Chinese, QLocale.Country.China)
    QLocale.setDefault(
        chinese if language() == "zh" else QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
    )
    for known in _translators:
        QCoreApplication.removeTranslator(known)
    _translators.clear()
    if language() == "zh":
        translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load("qtbase_zh_CN", folder):
            QCoreApplication.installTranslator(translator)
            _translators.append(translator)


def tr(text: Text | str) -> str:
    """A sentence as this window says it."""
    return str(say(text, language()))
