"""A table of the public record as a Parquet file, where pyarrow is installed (it is no requirement)."""

import datetime
from collections.abc import Callable
from importlib import import_module, util
from pathlib import Path
from typing import Any

from stories.formats.tables.columns import Column, Row, Table

SUFFIX = ".parquet"
AT_ONCE = 5_000  # rows held in memory, and of a row group
COMPRESSION = "zstd"
# Values as a table's rows have them, made what a column of this kind holds.
MADE: dict[str, Callable[[str], Any]] = {
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
}


def is_installed() -> bool:
    """Return whether Parquet files can be written."""
    return util.find_spec("pyarrow") is not None


def schema(table: Table) -> Any:
    """Return the Arrow schema of a table, what each column says as its description."""
    arrow = import_module("pyarrow")
    kinds = {
        "integer": arrow.int64(),
        "string": arrow.string(),
        "boolean": arrow.bool_(),
        "date": arrow.date32(),
        "datetime": arrow.timestamp("s", tz="UTC"),
        "strings": arrow.list_(arrow.string()),
        "integers": arrow.list_(arrow.int64()),
        "spans": arrow.list_(arrow.list_(arrow.int64())),
    }
    return arrow.schema(
        arrow.field(column.name, kinds[column.kind], column.may_lack, {"description": column.says})
        for column in table.columns
    )


class ParquetFile:
    """A file that rows are added to, some thousand of them in a row group; a context manager."""

    def __init__(self, path: Path, table: Table) -> None:
        self.table, self.schema, self.rows = table, schema(table), list[Row]()
        writer = import_module("pyarrow.parquet").ParquetWriter
        self.writer = writer(path, self.schema, compression=COMPRESSION)

    def __enter__(self) -> "ParquetFile":
        return self

    def __exit__(self, *error: object) -> None:
        self.flush()
        self.writer.close()

    def add(self, row: Row) -> None:
        """Add a row."""
        self.rows.append(row)
        if len(self.rows) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write the rows that are held as a row group."""
        if self.rows:
            columns = zip(self.table.columns, zip(*self.rows, strict=True), strict=True)
            arrays = [_values(column, values) for column, values in columns]
            made = import_module("pyarrow").Table.from_arrays(
                [
                    import_module("pyarrow").array(values, one.type)
                    for values, one in zip(arrays, self.schema, strict=True)
                ],
                schema=self.schema,
            )
            self.writer.write_table(made)
            self.rows = []


def _values(column: Column, values: tuple[Any, ...]) -> list[Any]:
    make = MADE.get(column.kind)
    return [make(value) if make and value is not None else value for value in values]
