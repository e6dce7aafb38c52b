"""The schema as it documents itself: tables and views with their comments."""

from __future__ import annotations

from typing import Any

import duckdb

from warehouse.rows import named_rows

# A view's column without a comment of its own says what the table's column of that name says; of
# several tables the root records come first.
_COLUMNS = """
with said as (
    select column_name, arg_min(comment, coalesce(list_position(
        ['alert', 'article_version', 'article', 'mention', 'event', 'feed', 'subject'], table_name
    ), 99)) as comment
    from duckdb_columns()
    where not internal and comment is not null
        and table_name in (select table_name from duckdb_tables())
    group by column_name
)
select c.table_name, c.column_name, c.data_type,
    coalesce(c.comment, case when v.view_name is not null then said.comment end) as comment,
    v.view_name is not null as is_view, coalesce(v.comment, t.comment) as table_comment
from duckdb_columns() c
left join duckdb_tables() t using (database_name, schema_name, table_name)
left join duckdb_views() v
    on v.view_name = c.table_name and v.schema_name = c.schema_name and not v.internal
left join said on said.column_name = c.column_name
where not c.internal and c.schema_name = 'main'
order by is_view desc, c.table_name, c.column_index
"""


def described_columns(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return one row a column, views first; a view's column takes the comment of its namesake."""
    return named_rows(db, _COLUMNS)


def undocumented(db: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the tables, views and table columns that no comment explains."""
    rows = described_columns(db)
    bare = {row["table_name"] for row in rows if not row["table_comment"]}
    columns = {
        f"{row['table_name']}.{row['column_name']}"
        for row in rows
        if not row["comment"] and not row["is_view"]
    }
    return sorted(bare | columns)
