"""Companies with industry, scale and sites; metrics by year, schemes, evaluations, objections.

The tables are written out as they are at this release: what later releases do to them stands in later revisions.
"""

from alembic import op
from sqlalchemy import Connection, UniqueConstraint

from db.core.migrating import add_column, add_table
from db.core.tables import link, whole, words

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    book = op.get_bind()
    for name in ("industry", "chain", "scale", "contact", "contact_phone"):
        add_column(book, "company", words(name))
    add_column(book, "company", link("street", "unit"))
    add_table(
        book,
        "company_site",
        link("company", "company", null=False),
        words("kind", null=False),
        whole("area", null=False),
        words("place"),
        words("since"),
        words("until"),
    )
    _metrics(book)
    _evaluations(book)


def _metrics(book: Connection) -> None:
    add_table(
        book,
        "company_year",
        link("company", "company", null=False, index=False),
        whole("year", null=False),
        whole("half", null=False),
        words("scale"),
        words("remarks"),
        UniqueConstraint("company", "year", "half"),
    )
    add_table(
        book,
        "metric",
        link("entry", "company_year", null=False, index=False),
        words("key", null=False),
        whole("value", null=False),
        words("source"),
        words("confirmed_by"),
        words("confirmed_on"),
        UniqueConstraint("entry", "key"),
    )
    add_table(
        book,
        "adjustment",
        link("entry", "company_year", null=False),
        words("kind", null=False),
        whole("points"),
        words("reason", null=False),
    )


def _evaluations(book: Connection) -> None:
    add_table(
        book,
        "scheme",
        words("key", null=False),
        words("name", null=False),
        whole("year", null=False),
        whole("version", null=False),
        words("definition", null=False),
        words("published_on"),
        UniqueConstraint("key", "version"),
    )
    add_table(
        book,
        "evaluation",
        link("scheme", "scheme"),
        words("name", null=False),
        whole("year", null=False),
        whole("half", null=False),
        words("done_on"),
        words("published_on"),
        words("source"),
        words("content", null=False),
    )
    add_table(
        book,
        "evaluation_result",
        link("evaluation", "evaluation", null=False, index=False),
        link("company", "company", null=False),
        words("score"),
        whole("rank"),
        words("class"),
        words("content"),
        UniqueConstraint("evaluation", "company"),
    )
    add_table(
        book,
        "objection",
        link("result", "evaluation_result", null=False),
        words("filed_on", null=False),
        words("text", null=False),
        words("state", null=False),
        words("decided_on"),
        words("decision"),
        words("class_after"),
    )
