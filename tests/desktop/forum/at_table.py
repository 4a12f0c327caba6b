"""A session of eight enterprises typed at the table: its lines, and how a clerk types them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pypdfium2
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.forum.at_table import Captured, Sitting
from desktop.forum.capture import CaptureView
from desktop.forum.page import ForumPage
from desktop.shell.window import Window
from tests.desktop.conftest import at_rest, press

CONTROL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier,
)  # fmt: skip
DAY = "2024-07-17"
FIRMS = ("合肥谱微仪器有限公司", "安徽云枢计算有限公司", "合肥瑞储新能源有限公司", "合肥安澜传感有限公司", "庐阳星穹通信有限公司",
         "合肥朗感电子有限公司", "安徽启明视觉有限公司", "合肥天仪科技有限公司")  # fmt: skip
UNITS = ("区住房和城乡建设局", "区科学技术局", "区经济和信息化局", "庐阳供电公司")


class Typed(NamedTuple):
    """A line as it is typed: whose (Alt+n), its words, letters for the department, the deadline, the reply."""

    firm: int
    text: str
    letters: str = ""
    due: str = ""
    reply: str = ""


SESSION = (
    Typed(1, "二期洁净车间环评与能评能否并联办理", "zjj", "15"), Typed(1, "园区食堂晚班无餐", "", "", "9月10日起供餐到20点半"),
    Typed(1, "研发楼消防验收排期"), Typed(2, "机房柴油发电机备案材料三次退回", "gdgs", "8-2"), Typed(2, "数据中心用电扩容", "gdgs"),
    Typed(3, "储能示范项目并网验收", "gdgs", "20"), Typed(3, "人才公寓配额不足", "kjj"), Typed(3, "厂区道路破损"),
    Typed(4, "设备更新贷款贴息未拨付", "jxj"), Typed(4, "高企认定材料辅导", "kjj", "", "已约下周上门辅导"), Typed(4, "夜班公交末班延时"),
    Typed(5, "二次装修消防审查排队", "zjj", "7"), Typed(5, "货梯频发故障", "zjj"), Typed(6, "应收账款融资", "jxj"),
    Typed(6, "厂房屋顶光伏备案", "gdgs"), Typed(6, "停车位紧张"), Typed(7, "专精特新申报辅导", "jxj"), Typed(7, "招工困难"),
    Typed(8, "用地红线局部调整", "zjj"), Typed(8, "研发费用归集口径", "kjj", "", "当场说明口径"),
)  # fmt: skip


def write(text: str) -> None:
    """Chinese, as an input method commits it where the keyboard is."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(held(), event)


def held() -> QWidget:
    """The part with the keyboard."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def enter(times: int = 1) -> None:
    """Enter, wherever the keyboard is."""
    for _at in range(times):
        press(held(), Qt.Key.Key_Return)


def keyed(line: Typed) -> None:
    """One line as the clerk types it; it is kept at the end."""
    press(held(), Qt.Key(int(Qt.Key.Key_0) + line.firm), ALT)
    write(line.text)
    enter()
    QTest.keyClicks(held(), line.letters)
    enter(2)
    QTest.keyClick(held(), Qt.Key.Key_Y if line.reply else Qt.Key.Key_N)
    enter()
    if line.reply:
        write(line.reply)
        enter(3)
    else:
        QTest.keyClicks(held(), line.due)
        enter()


def opened(qtbot: QtBot, window: Window, path: Path | str) -> CaptureView:
    """The page in a window."""
    window.open_book(str(path))
    at_rest(qtbot, window)
    window.go("forum")
    page = window.page
    assert isinstance(page, ForumPage)
    page.show_as("capture")
    at_rest(qtbot, window)
    shown = page.shown
    assert isinstance(shown, CaptureView)
    shown.take_focus()
    return shown


def rest(qtbot: QtBot, view: CaptureView) -> None:
    """Until nothing is under way."""
    window = view.window()
    assert isinstance(window, Window)
    at_rest(qtbot, window)


def now(view: CaptureView) -> Sitting:
    """The session as the page has it."""
    assert view.sitting is not None
    return view.sitting


def lines(view: CaptureView) -> tuple[Captured, ...]:
    """What is kept."""
    return now(view).lines


def pdf_text(path: Path) -> str:
    """The words of a PDF."""
    document = pypdfium2.PdfDocument(path)
    try:
        return "".join("".join(page.get_textpage().get_text_bounded().split("\r\n")) for page in document)
    finally:
        document.close()
