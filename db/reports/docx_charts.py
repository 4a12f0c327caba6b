"""Drawings of a Word file: native charts with the numbers they show and a workbook to edit them in, and photographs."""

from __future__ import annotations

import datetime as dt
import io
from xml.sax.saxutils import escape

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, nsmap, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from xlsxwriter import Workbook

from db.reports.docx_text import clean, put_run
from db.reports.photographs import Photograph
from db.reports.report import Chart, Series, Table
from db.reports.shown import as_number, computed

_THIS_YEAR, _LAST_YEAR = "1F5FBF", "B9C4D3"
_LETTERS = "BCDEFGHIJKLMNOPQRSTUVWXYZ"
_LEVEL = 'rot="0" vert="horz"'
_INLINE = (
    f"<wp:inline {nsdecls('wp', 'a', 'c', 'r')}><wp:extent/><wp:docPr/><wp:cNvGraphicFramePr/>"
    f'<a:graphic><a:graphicData uri="{nsmap["c"]}"><c:chart/></a:graphicData></a:graphic></wp:inline>'
)


def add_photograph(paragraph: Paragraph, photograph: Photograph, name: str, size: tuple[float, float]) -> None:
    """A photograph that stands in its line like a character; `size` in points."""
    run = paragraph.add_run()
    run.add_picture(io.BytesIO(photograph.jpeg), *map(Pt, size))
    (drawing,) = run.font.element.drawing_lst
    drawing.xpath("wp:inline/wp:docPr")[0].set("descr", clean(name))
    for side in ("distL", "distR"):  # else 3 mm on either side, and what fits in a line does not
        drawing.xpath("wp:inline")[0].set(side, "0")


def add_chart(paragraph: Paragraph, chart: Chart, table: Table, *, face: str, size: tuple[float, float]) -> None:
    """A chart that can be edited in Word; `size` in points."""
    part, package = paragraph.part, paragraph.part.package
    name = package.next_partname("/word/charts/chart%d.xml")
    drawn = Part(name, CONTENT_TYPE.DML_CHART, _drawn(chart, table, face).encode(), package)
    behind = PackURI(f"/word/embeddings/chart{name.idx}.xlsx")
    # The first link of the part, as its text says.
    drawn.relate_to(Part(behind, CONTENT_TYPE.SML_SHEET, _numbers(chart, table), package), RELATIONSHIP_TYPE.PACKAGE)
    inline = parse_xml(_INLINE)
    extent, properties, _frame, graphic = inline
    extent.cx, extent.cy = map(Pt, size)
    properties.id, properties.name = part.next_id, f"Chart {name.idx}"
    properties.set("descr", clean(chart.title))
    graphic[0][0].set(qn("r:id"), part.relate_to(drawn, RELATIONSHIP_TYPE.CHART))
    put_run(paragraph, "").add_drawing(inline)


def _shown(text: str) -> str:
    return escape(clean(text).replace("\n", ""))


def _values(table: Table, key: str) -> list[str]:
    at = table.place(key)
    return [str(as_number(computed(table, row, at)) or 0) for row in table.rows]


def _names(chart: Chart, table: Table) -> list[str]:
    at = table.place(chart.category)
    return [str(row[at] or "") for row in table.rows]


def _drawn(chart: Chart, table: Table, face: str) -> str:
    series = "".join(_series(chart, one, number, table, face) for number, one in enumerate(chart.series))
    axes = (
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f"{_text(face, 9, turn=_LEVEL)}"
        '<c:crossAx val="2"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/>'
        '<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        '<c:tickLblPos val="nextTo"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr><c:crossAx val="1"/></c:valAx>'
    )
    return (
        f'<c:chartSpace {nsdecls("c", "a", "r")}><c:roundedCorners val="0"/>'
        f"<c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr {_letters(12)}>{_faces(face)}</a:defRPr></a:pPr>"
        f"<a:r><a:rPr {_letters(12)}>{_faces(face)}</a:rPr><a:t>{_shown(chart.title)}</a:t></a:r></a:p></c:rich></c:tx>"
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:barChart><c:barDir val="col"/>'
        f'<c:grouping val="clustered"/><c:varyColors val="0"/>{series}<c:gapWidth val="80"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        f'{axes}</c:plotArea><c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend><c:plotVisOnly val="1"/></c:chart>'
        f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{_text(face, 9)}"
        '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _letters(points: float) -> str:
    return f'lang="zh-CN" sz="{round(points * 100)}" b="0"'


def _faces(face: str) -> str:
    return f'<a:latin typeface="{face}"/><a:ea typeface="{face}"/>'


def _text(face: str, points: float, *, turn: str = "") -> str:
    return f"<c:txPr><a:bodyPr {turn}/><a:p><a:pPr><a:defRPr {_letters(points)}>{_faces(face)}</a:defRPr></a:pPr></a:p></c:txPr>"


def _series(chart: Chart, series: Series, number: int, table: Table, face: str) -> str:
    rows, column = len(table.rows) + 1, _LETTERS[number]
    colour = _THIS_YEAR if series.current else _LAST_YEAR
    decimals = table.columns[table.place(series.column)].decimals
    pattern = "0." + "0" * decimals if decimals else "0"
    shown = int(series.current)
    labels = (
        f'<c:dLbls><c:numFmt formatCode="{pattern}" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>{_text(face, 8)}'
        f'<c:showLegendKey val="0"/><c:showVal val="{shown}"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/><c:tx>{_strings(f"Sheet1!${column}$1", [series.label])}</c:tx>'
        f'<c:spPr><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>{labels}'
        f"<c:cat>{_strings(f'Sheet1!$A$2:$A${rows}', _names(chart, table))}</c:cat>"
        f"<c:val>{_amounts(f'Sheet1!${column}$2:${column}${rows}', _values(table, series.column))}</c:val></c:ser>"
    )


def _points(values: list[str]) -> str:
    points = "".join(f'<c:pt idx="{at}"><c:v>{_shown(value)}</c:v></c:pt>' for at, value in enumerate(values))
    return f'<c:ptCount val="{len(values)}"/>{points}'


def _strings(cells: str, values: list[str]) -> str:
    return f"<c:strRef><c:f>{cells}</c:f><c:strCache>{_points(values)}</c:strCache></c:strRef>"


def _amounts(cells: str, values: list[str]) -> str:
    return f"<c:numRef><c:f>{cells}</c:f><c:numCache><c:formatCode>General</c:formatCode>{_points(values)}</c:numCache></c:numRef>"


def _numbers(chart: Chart, table: Table) -> bytes:
    """The workbook behind a chart, opened by 编辑数据."""
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - the same chart, the same bytes
        sheet = workbook.add_worksheet("Sheet1")
        sheet.write_column(1, 0, _names(chart, table))
        for number, series in enumerate(chart.series, start=1):
            sheet.write_string(0, number, series.label)
            sheet.write_column(1, number, [float(value) for value in _values(table, series.column)])
    return made.getvalue()
