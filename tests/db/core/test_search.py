"""Finding records, on both engines: by the index, and directly where there is none."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from db.companies.service import rename_company
from db.core import search, search_catching
from db.core.book import Book
from db.core.search_file import FileIndex, forget_unused, place_of
from db.core.search_server import MARK, ServerIndex
from db.core.search_words import Rank
from db.core.text import _
from db.projects.service import delete_projects
from tests.conftest import on_a_file
from tests.ending import while_there_is
from tests.factories import projects as factory


@pytest.fixture
def stocked(book: Book) -> Book:
    """Three projects, with investors, a street, a leader, a contact and a log."""
    factory.projects(
        book,
        factory.row(name="合肥京东方配套光学膜项目", code="ZS2023-107", investor="北京京东方科技集团", street="三孝口街道"),
        factory.row(
            name="合肥精密电子封装基地", investor="重庆长安半导体", contact_name="单晓曾", contact_phone="13855512345",
            progress="环评已受理，待消防审查", leader="查建国",
        ),
        factory.row(name="庐阳大数据中心", code="ZS2024-018", content="建设5条生产线", investor="庐阳大数据投资", credit_code="91340103MA2T8N5X0K"),
    )  # fmt: skip
    return book


def names(book: Book, query: str, *, key: str = "project") -> list[str]:
    """The names of the records found, best first."""
    from sqlalchemy import select

    table = next(one.table for one in search.subjects() if one.key == key)
    with book.read() as connection:
        hits = search.find(connection, query).hits.get(key, ())
        known = {row.id: row.name for row in connection.execute(select(table.c.id, table.c.name))}
    return [known[hit.record] for hit in hits]


OPTICS, PACKAGING, DATA = "合肥京东方配套光学膜项目", "合肥精密电子封装基地", "庐阳大数据中心"
QUERIES = [
    ("光学膜", [OPTICS]),
    ("膜", [OPTICS]),
    ("合", [PACKAGING, OPTICS]),
    ("hfjdf", [OPTICS]),
    ("hefeijingdong", [OPTICS]),
    ("hefeijin", [PACKAGING, OPTICS]),
    ("hefeijdf", [OPTICS]),
    ("合肥jdf", [OPTICS]),
    ("zs2023-107", [OPTICS]),
    ("2024-0", [DATA]),
    ("13855", [PACKAGING]),
    ("12345", [PACKAGING]),
    ("消防审查", [PACKAGING]),
    ("5条", [DATA]),
    ("sxk", [OPTICS]),
    ("三孝口", [OPTICS]),
    ("91340103ma2t8n5x0k", [DATA]),
    ("cqca", [PACKAGING]),
    ("zqzabdt", [PACKAGING]),
    ("sxz", [PACKAGING]),
    ("zhajianguo", [PACKAGING]),
    ("chajg", [PACKAGING]),
    ("dash", [DATA]),
    ("shuzh", []),
    ("合肥 消防", [PACKAGING]),
    ("京东方 街道", [OPTICS]),
    ("合肥 庐阳", []),
    ("量子", []),
    ("", []),
]


@pytest.mark.parametrize("caught_up", [True, False], ids=["by the index", "directly"])
def test_that_records_are_found_by_what_people_type(
    stocked: Book, caught_up: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if caught_up:
        assert search.catch_up(stocked)
        monkeypatch.delattr("db.core.search.entries")  # nothing is looked at directly
    assert {query: set(names(stocked, query)) for query, _hits in QUERIES} == {
        query: set(hits) for query, hits in QUERIES
    }


def test_that_every_substring_of_a_name_finds_it(stocked: Book) -> None:
    search.catch_up(stocked)
    parts = {PACKAGING[start:stop] for start in range(len(PACKAGING)) for stop in range(start + 1, len(PACKAGING) + 1)}
    with stocked.read() as connection:
        missed = [part for part in parts if not search.find(connection, part).hits["project"]]
    assert not missed


def test_that_the_best_hits_come_first_and_then_the_latest(book: Book) -> None:
    factory.projects(book, *(factory.row(name=name) for name in ("新京东方", "京东方配套", "京东方", "京都防务基地")))
    search.catch_up(book)
    assert names(book, "京东方") == ["京东方", "京东方配套", "新京东方"]
    assert names(book, "jdf")[:2] == ["京都防务基地", "京东方"]
    with book.read() as connection:
        found = search.find(connection, "京东方").hits["project"]
    assert [hit.rank for hit in found] == [Rank.EXACT, Rank.BEGINS, Rank.INSIDE]


def test_that_an_exact_name_is_found_among_more_hits_than_are_shown(book: Book) -> None:
    factory.projects(book, factory.row(name="科技"), *(factory.row(name=f"科技园{at}") for at in range(30)))
    search.catch_up(book)
    with book.read() as connection:
        found = search.find(connection, "科技", limit=5)
    assert (len(found.hits["project"]), found.hits["project"][0].rank, found.more) == (
        5,
        Rank.EXACT,
        frozenset({"project"}),
    )


def test_that_letters_with_gaps_find_names_apart_from_the_other_hits(stocked: Book) -> None:
    for caught_up in (False, True):
        if caught_up:
            search.catch_up(stocked)
        with stocked.read() as connection:
            assert not search.find(connection, "hfmdf").hits["project"]
            found = search.gapped(connection, "hfmdf").hits["project"]
            assert [hit.rank for hit in found] == [Rank.WITH_GAPS]
            assert not search.gapped(connection, "消防").hits


def test_that_all_hits_of_a_room_are_given_as_ids(stocked: Book) -> None:
    with stocked.read() as connection:
        directly = search.ids(connection, "projects", "合肥")
    search.catch_up(stocked)
    with stocked.read() as connection:
        assert list(search.ids(connection, "projects", "合肥")) == sorted(directly)
        assert list(search.ids(connection, "projects", "京东方")) == [directly[0]]
        assert list(search.ids(connection, "companies", "bjjdf"))
    assert len(directly) == 2


def test_that_what_is_written_is_found_before_and_after_the_index_has_caught_up(stocked: Book) -> None:
    search.catch_up(stocked)
    number = factory.project(stocked, name="量子精密测量中心")
    for _again in range(2):
        assert names(stocked, "lzjm") == ["量子精密测量中心"]
        search.catch_up(stocked)
    factory.write(stocked, (number, "name", "冷链物流基地"), (number, "progress", "土地已摘牌"))
    for _again in range(2):
        assert (names(stocked, "量子"), names(stocked, "摘牌")) == ([], ["冷链物流基地"])
        search.catch_up(stocked)


def test_that_a_deleted_record_leaves_no_ghost_and_an_undone_deletion_comes_back(stocked: Book) -> None:
    search.catch_up(stocked)
    with stocked.read() as connection:
        (number,) = search.ids(connection, "projects", "光学膜")
    with stocked.write(_("Delete")) as connection:
        delete_projects(connection, [number])
    deletion = stocked.operations(limit=1)[0].number
    for _again in range(2):
        assert (names(stocked, "光学膜"), names(stocked, "hfjdf")) == ([], [])
        search.catch_up(stocked)
    assert not stocked.undo(deletion).conflicts
    for _again in range(2):
        assert names(stocked, "hfjdf") == [OPTICS]
        search.catch_up(stocked)


def test_that_a_renamed_investor_is_found_with_its_projects(stocked: Book) -> None:
    search.catch_up(stocked)
    with stocked.read() as connection:
        (company,) = search.ids(connection, "companies", "长安半导体")
    with stocked.write(_("Rename")) as connection:
        rename_company(connection, company, "重庆山城微电子")
    for _again in range(2):
        assert names(stocked, "scwdz") == [PACKAGING]
        assert names(stocked, "cqca", key="company") == ["重庆山城微电子"], "the former name still finds it"
        search.catch_up(stocked)


def test_that_catching_up_in_slices_ends_where_it_would_at_once(stocked: Book) -> None:
    factory.projects(stocked, *(factory.row(name=f"园区{at}号") for at in range(1200)))
    slices = sum(1 for _slice in while_there_is(lambda: not search.catch_up(stocked, seconds=0)))
    assert slices > 1
    assert names(stocked, "园区1199号") == ["园区1199号"]
    assert search.catch_up(stocked, seconds=0)


def test_that_a_book_closed_while_it_catches_up_leaves_the_index_to_the_next(stocked: Book) -> None:
    with Book.open(stocked.target) as other:
        assert not search.catch_up(other, seconds=0)
    search.catch_up(stocked)
    with stocked.read() as connection:
        index = search_catching.index_of(connection.engine)
        assert index is not None
        assert index.mark(connection) is not None


def test_that_nothing_of_the_present_shows_in_a_book_as_of_a_moment(stocked: Book) -> None:
    before = stocked.operations(limit=1)[0].number
    factory.project(stocked, name="量子精密测量中心")
    search.catch_up(stocked)
    with stocked.as_of(before) as then, then.read() as connection:
        assert not search.find(connection, "量子").hits["project"]
        assert len(search.find(connection, "hefei").hits["project"]) == 2
    assert names(stocked, "量子") == ["量子精密测量中心"]


# --- an index one cannot trust ------------------------------------------------------------------------------------


@pytest.fixture
def index_file(book: Book) -> Path:
    assert book.path is not None  # a server's index is a table of the server
    return place_of(book.path)


@on_a_file
def test_that_an_index_that_is_gone_is_made_anew(stocked: Book, index_file: Path) -> None:
    search.catch_up(stocked)
    search.close(stocked)
    index_file.unlink()
    assert names(stocked, "hfjdf") == [OPTICS]
    assert search.catch_up(stocked)
    assert index_file.exists()
    assert names(stocked, "hfjdf") == [OPTICS]


@on_a_file
@pytest.mark.parametrize("part", ["the head", "the middle"])
def test_that_a_damaged_index_is_made_anew_and_nobody_is_told(stocked: Book, index_file: Path, part: str) -> None:
    search.catch_up(stocked)
    search.close(stocked)
    content = bytearray(index_file.read_bytes())
    start = 0 if part == "the head" else 4096
    content[start : start + 60_000] = b"\x5a" * len(content[start : start + 60_000])
    index_file.write_bytes(content)
    search.catch_up(stocked)
    assert names(stocked, "hfjdf") == [OPTICS]
    assert search.catch_up(stocked)
    assert names(stocked, "hfjdf") == [OPTICS]
    assert sqlite3.connect(index_file).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_that_an_index_of_another_version_is_made_anew(stocked: Book) -> None:
    search.catch_up(stocked)
    if stocked.path is None:
        with stocked.read() as connection:
            engine = connection.engine
        with engine.begin() as connection:
            connection.exec_driver_sql(f'UPDATE {MARK} SET said = replace(said, \'"form": "\', \'"form": "old-\')')
    else:
        search.close(stocked)
        with sqlite3.connect(place_of(stocked.path)) as direct:
            direct.execute('UPDATE mark SET said = replace(said, \'"form": "\', \'"form": "old-\')')
            direct.execute("DELETE FROM text_project")
        direct.close()
    assert names(stocked, "hfjdf") == [OPTICS]
    search.catch_up(stocked)
    assert names(stocked, "hfjdf") == [OPTICS]


def test_that_the_index_of_another_book_in_the_same_place_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "swapped.zsb"
    for name in ("甲书项目", "乙书项目"):
        with Book.create(path) as book:
            factory.project(book, name=name)
            if name == "甲书项目":
                search.catch_up(book)
            assert names(book, "jsxm") == (["甲书项目"] if name == "甲书项目" else [])
            search.catch_up(book)
            assert names(book, "书项目") == [name]
        path.unlink()


@on_a_file
def test_that_a_worn_index_is_made_anew(stocked: Book, index_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.core.search_file._SPARE", 0)
    search.catch_up(stocked)
    with stocked.read() as connection:
        (number,) = search.ids(connection, "projects", "光学膜")
    for at in range(8):
        factory.write(stocked, (number, "name", f"光学膜{at}期"))
        search.catch_up(stocked)
    records, given = FileIndex(index_file, [one.key for one in search.subjects()]).count("project")
    assert records == 3
    assert given < 11
    assert names(stocked, "光学膜") == ["光学膜7期"]


@on_a_file
def test_that_a_book_one_may_only_read_is_searched_like_any_other(stocked: Book, index_file: Path) -> None:
    search.catch_up(stocked)
    assert not list(Path(stocked.target).parent.glob("*.idx")), "nothing lies beside the book"
    assert index_file.stat().st_mode & 0o077 == 0


@on_a_file
def test_that_indexes_nobody_used_for_months_are_removed(stocked: Book, index_file: Path) -> None:
    search.catch_up(stocked)
    search.close(stocked)
    forget_unused(index_file.parent)
    assert index_file.exists()
    forget_unused(index_file.parent, now=index_file.stat().st_mtime + 100 * 86_400)
    assert not index_file.exists()


def test_that_one_desk_at_a_time_brings_a_servers_index_up_to_date(stocked: Book) -> None:
    if stocked.path is not None:
        pytest.skip("a file has one window")
    with stocked.read() as connection:
        other = ServerIndex(connection.engine)
    assert other.claim()
    assert search.catch_up(stocked), "the other one is at it"
    assert names(stocked, "hfjdf") == [OPTICS]
    with stocked.read() as connection:
        assert other.mark(connection) is None
    other.release()
    search.catch_up(stocked)
    with stocked.read() as connection:
        assert other.mark(connection) is not None
    assert names(stocked, "hfjdf") == [OPTICS]
