"""The demonstration district's half-year, as the head of a section would send it (handbook §9)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sqlalchemy import event

import db.rooms  # noqa: F401 - a book needs every table
from db.core.book import Book
from db.core.period import Period
from db.overview.due import todo, watched
from db.overview.meeting import questions
from db.overview.report import build
from db.overview.today import period_for, strip

TEXT = """\
2024年上半年全区招商引资工作情况通报
（截至2024年6月30日）
现将2024年1—6月全区招商引资工作情况通报如下：
一、目标任务完成情况
1—6月，全区新签约项目47个，同比增长46.9%，完成年度目标任务的52.2%（47/90个），快于序时进度2.2个百分点；\
协议投资额174.2亿元，同比增长69.6%，完成年度目标任务的48.4%（174.2/360亿元），慢于序时进度1.6个百分点；\
新开工亿元以上项目26个，总投资196亿元；到位资金45.33亿元。
据市级通报，新签约项目47个，居全市第3位、四城区第2位；新签约项目协议投资额174.2亿元，居全市第2位、四城区第1位。
按在谈项目预计签约月份推算，预计全年新签约项目83个，协议投资额277.02亿元，为年度目标任务的77.0%（277.02/360亿元）。
二、主要工作情况
（一）新签约
新签约项目按属地分别为：庐阳经济开发区14个、大杨镇9个、逍遥津街道8个、三孝口街道6个、海棠街道5个、双岗街道3个、亳州路街道2个。
分产业看，光电信息与仪器仪表20个、70.95亿元，占协议投资额的40.7%；未来产业10个、43.24亿元，占24.8%；\
商贸6个、26.13亿元，占15.0%；新能源5个、13.19亿元，占7.6%；软件和信息技术4个、17.51亿元，占10.1%；其他产业2个、3.18亿元，占1.8%。
分资金来源看，省内9个（36.56亿元）、省外28个（100.1亿元）、境外10个（37.54亿元）。
分投资规模看，5—10亿元12个（71.07亿元）、1—5亿元35个（103.13亿元）。
（二）开工与投产
新开工项目26个，总投资196亿元，均为亿元以上项目，完成年度目标任务的52.0%（26/50个），快于序时进度2.0个百分点。
新投产项目8个，总投资40.39亿元。
（三）“五个一”与调度
期末在建项目63个，“五个一”齐全的35个，齐全率55.6%（35/63）；缺一抓到底的27个、专班的8个、方案的7个、领导的1个。
期末红灯项目14个、黄灯项目22个；逾期节点20个。
召开调度会12次，交办事项24项，已办结21项。
（四）政企有约
举办政企有约活动16期（第1—16期），接待走访企业83家，收集协调诉求114件，其中不予受理2件。
已办结109件，办结率97.3%（109/112）；按时办结率91.7%（100/109）；已回访105件，满意率100.0%（105/105），\
其中满意94件、基本满意11件；平均用时6.1个工作日。
金融管家帮助企业46家，获得融资2.4亿元。
（五）亩均效益
2023年，规上工业企业60家，亩均营业收入617.5万元，同比增长9.8%；亩均税收33.8万元，同比增长33.6%；\
人均营业收入100.7万元，同比下降2.7%；人均税收5.5万元，同比增长18.4%。
2023年度亩均效益综合评价结果为：A类15家、B类27家、C类15家、D类3家。
（六）招商活动
开展外出招商31次、来访接待58次，举办推介、对接、路演活动20场。
（七）在谈项目
截至2024年6月30日，在谈项目36个，拟投资102.82亿元。
三、存在问题
一是签约满6个月未开工项目（含往年）20个，协议投资额78.08亿元，未开工原因分别为：正常推进7个、规划调整4个、企业自身4个、土地3个、审批2个。
二是开工满6个月未投产项目（含往年）37个，总投资109.9亿元。
三是储备项目偏小。在谈项目36个，拟投资102.82亿元，其中10亿元以上项目偏少。
四、下一步工作打算
一是紧盯目标抓签约。对照年度目标任务逐月分解，加快推进在谈项目签约落地。
二是双周调度抓开工。对签约满6个月未开工项目逐一明确责任单位和开工时限。
三是要素保障抓投产。加强土地、资金、审批协调，推动在建项目早竣工、早投产。
区投资促进中心
2024年7月12日"""


def test_that_the_half_year_of_the_demonstration_reads_as_an_office_would_send_it(demonstration: Path) -> None:
    with Book.open(demonstration) as book, book.read() as connection:
        report = build(connection, Period.parse("2024-01..2024-06"), today=dt.date(2024, 7, 12))
    assert report.text() == TEXT
    figures = {one.key: one for one in report.figures}
    told = {run.figure for one in report.paragraphs() for run in one.runs if not isinstance(run, str)}
    assert told <= set(figures)
    assert (
        sum(len(one.rows.ids) for key, one in figures.items() if key.startswith("signed.count@street@") and one.rows)
        == 47
    )


def test_that_a_server_far_away_is_asked_few_times_for_today_and_for_a_report(demonstration: Path) -> None:
    today, asked = "2024-07-12", list[str]()
    with Book.open(demonstration) as book, book.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
        period = period_for(connection, today)
        todo(connection, today)
        strip(connection, period)
        assert len(asked) < 40  # what one sees first
        watched(connection, today)
        questions(connection, period, today=today)
        assert len(asked) < 100
        asked.clear()
        build(connection, Period.parse("2024-06"))
        assert len(asked) < 110
