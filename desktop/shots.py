"""`zhaoshang shots BOOK --out DIR`: every page of the window as a PNG, for the manual and for looking."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from db.core.errors import Problem, Refused, Usage
from db.core.text import LANGUAGES, _, system_language

if TYPE_CHECKING:
    from desktop.shell.window import Window

_LONGEST = 120_000
_THEN = "2024-06-30"


def main(argv: Sequence[str]) -> int:
    """Run the command; the exit code."""
    lang = system_language()
    try:
        given = _parser().parse_args(list(argv))
    except SystemExit as left:
        return int(left.code or 0)
    lang = given.lang or lang
    try:
        return _shoot(given, lang)
    except Problem as problem:
        print(problem.render(lang), file=sys.stderr)
        return problem.exit_code


def _parser() -> argparse.ArgumentParser:
    lang = system_language()
    parser = argparse.ArgumentParser(prog="zhaoshang shots", description=_("Every page as a picture").render(lang))
    parser.add_argument("book", metavar="BOOK")
    parser.add_argument("--out", required=True, metavar="DIR", type=Path)
    parser.add_argument("--size", default="1366x768", metavar="WxH")
    parser.add_argument("--lang", choices=LANGUAGES)
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--scale", default="1", choices=("1", "1.5", "2"))
    parser.add_argument("--ledger", type=Path, metavar="FILE", help=_("a ledger for the import page").render(lang))
    return parser


def _shoot(given: argparse.Namespace, lang: str) -> int:
    width, times, height = given.size.partition("x")
    if not (times and width.isdigit() and height.isdigit()):
        raise Usage(_("--size is written 1366x768."))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = given.scale
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zhaoshang-shots-") as home:
        for name in ("CONFIG", "DATA", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = home
        taken = take(
            given.book, given.out, (int(width), int(height)), lang=lang, theme=given.theme, ledger=given.ledger
        )
    for path in taken:
        print(path)
    return 0


def take(
    book: str, out: Path, size: tuple[int, int], *, lang: str, theme: str, ledger: Path | None = None
) -> list[Path]:
    """Pictures of every page; their paths."""
    from desktop.app import make_window
    from desktop.kit.preferences import Preferences
    from desktop.rooms import ROOMS

    rooms = {room.name: True for room in ROOMS}
    window = make_window(Preferences(language=lang, theme=theme, actor="高翔", rooms=rooms))
    window.resize(*size)
    window.show()
    taken: list[Path] = []

    def shoot(name: str) -> None:
        _settle(window, lambda: not window.jobs.busy)
        path = out / (f"{name}-{lang}.png" if theme == "light" else f"{name}-{lang}-{theme}.png")
        window.grab().save(str(path))
        taken.append(path)

    try:
        shoot("welcome")
        window.open_book(book)
        _settle(window, lambda: bool(window.book_name or window.not_opened))
        if window.not_opened is not None:
            raise window.not_opened
        for name in (*(room.name for room in ROOMS), "compare", "history", "settings", "lists", "reconcile"):
            for shown in _views(window, name):
                _settle(window, lambda: not window.jobs.busy)
                if window.page is not None:
                    window.page.show_example()
                shoot(shown)
        _look_back(window)
        if window.seen is not None:
            shoot("asof")
            window.leave_past()
        with tempfile.TemporaryDirectory(prefix="zhaoshang-shots-") as folder:
            window.take_files([ledger or _sample_ledger(Path(folder), window)])
            shoot("sheets")
            window.take_files([_sample_folder(Path(folder) / "历年台账")])
            shoot("folder")
    finally:
        window.close()
    return taken


def _views(window: Window, name: str) -> Iterator[str]:
    """Bring up a page, view after view where it has several; the name of each."""
    from desktop.kit.several_views import SeveralViews

    window.go(name)
    page = window.page
    if not isinstance(page, SeveralViews):
        yield name
        return
    for view in page.views:
        page.show_as(view.key)
        yield f"{name}-{view.key}"


def _look_back(window: Window) -> None:
    """The ledger as of the end of the demonstration's half-year; the present where a book begins later."""
    window.go("projects")
    window.look_at(_THEN)
    _settle(window, lambda: not window.jobs.busy)
    window.mark_differences()


def _sample_ledger(folder: Path, window: Window) -> Path:
    """A ledger as an office keeps it: two new projects, one that the book has, one wrong date, a sum."""
    from desktop.projects.page import ProjectsPage

    window.go("projects")
    _settle(window, lambda: not window.jobs.busy)
    known = window.page.model.index(2, 0).data() if isinstance(window.page, ProjectsPage) else ""
    lines = [
        "7月签约项目台账", "单位：万元", "序号,项目名称,投资主体,投资额,签约日期,属地,目前进展",
        "1,晴川机器人总装线,合肥晴川智能有限公司,12000,2024.7.5,大杨镇,厂房已选定",
        "2,云岭光学镜头产业化,合肥云岭光电有限公司,34500,2024-07-11,双岗街道,",
        f"3,{known},,65000,2024-06-12,大杨镇,环评已受理",
        "4,望湖检测认证平台,安徽望湖检测有限公司,9800,2024-02-30,海棠街道,", "合计,,,121300,,,",
    ]  # fmt: skip
    path = folder / "7月签约项目台账.csv"
    path.write_text("\n".join(lines) + "\n", encoding="gb18030")
    return path


def _sample_folder(folder: Path) -> Path:
    """A folder as it grows: years, a month, a final version twice."""
    heading = "序号,项目名称,投资主体,协议投资额（万元）,签约日期,属地"
    first = "1,晴川机器人总装线,合肥晴川智能有限公司,12000,2022-03-05,大杨镇"
    final = "2,云岭光学镜头产业化,合肥云岭光电有限公司,34500,2023-04-18,双岗街道"
    files = {
        "2022年招商项目台账": [first],
        "2023年招商项目台账 最终版": [first, final],
        "2023年招商项目台账 最终版(2)": [first, final],
        "招商项目台账（2024年5月）": [first, final, "3,北辰检测平台,安徽北辰检测有限公司,9800,2024-05-20,海棠街道"],
        "招商项目台账0630": [first, final, "3,北辰检测平台,安徽北辰检测有限公司,10800,2024-05-20,海棠街道"],
    }
    folder.mkdir()
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join([heading, *lines]) + "\n", encoding="gb18030")
    return folder


def _settle(window: Window, ready: Callable[[], bool]) -> None:
    """Let the window work until it is ready and quiet."""
    from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

    clock = QElapsedTimer()
    clock.start()
    quiet = 0
    while quiet < 4:
        loop = QEventLoop()
        QTimer.singleShot(60, loop.quit)
        loop.exec()
        quiet = quiet + 1 if ready() else 0
        if clock.elapsed() > _LONGEST:
            raise Refused(_("The book could not be opened, or a page did not come."))
