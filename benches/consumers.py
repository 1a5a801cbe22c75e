"""Everything that a run publishes, opened by those who will open it. Called by consumers.sh."""

import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib

import duckdb
import openpyxl
import pandas
import polars

run = pathlib.Path(sys.argv[1])
contracts = {
    path.stem: tomllib.loads(path.read_text()) for path in pathlib.Path("pipelines").glob("*/reports/*.toml")
}


def columns_of(contract):
    return [column["name"] for column in contract["column"]]


def parquet(path, wanted):
    """DuckDB, pandas and Polars read the same columns and rows."""
    rows = duckdb.sql(f"select count(*) from '{path}'").fetchall()[0][0]
    assert duckdb.sql(f"select * from '{path}'").columns == wanted, path
    in_pandas = pandas.read_parquet(path)
    in_polars = polars.read_parquet(path)
    assert list(in_pandas.columns) == wanted and len(in_pandas) == rows, path
    assert in_polars.columns == wanted and in_polars.height == rows, path
    return rows


def text(path, wanted, rows):
    """A CSV as DuckDB, pandas, Polars and Python itself read it."""
    in_pandas = pandas.read_csv(path, dtype=str, keep_default_na=False)
    assert list(in_pandas.columns) == wanted and len(in_pandas) == rows, path
    count = f"select count(*) from read_csv('{path}', header = true, all_varchar = true)"
    assert duckdb.sql(count).fetchall()[0][0] == rows, path
    in_polars = polars.read_csv(path, infer_schema=False)
    assert in_polars.columns == wanted and in_polars.height == rows, path
    with open(path, newline="", encoding="utf-8-sig") as file:
        cells = list(csv.reader(file))
    assert cells[0] == wanted and len(cells) == rows + 1, path
    assert not [cell for row in cells for cell in row if cell[:1] in tuple("=@\t\r")], path
    return cells


def workbook(path, wanted, rows):
    book = openpyxl.load_workbook(path, read_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.title != "columns"]
    assert "columns" in book.sheetnames, path
    for sheet in sheets:
        assert [cell.value for cell in next(sheet.iter_rows(max_row=1))] == wanted, path
    counts = [sum(1 for _ in sheet.iter_rows(min_row=2)) for sheet in sheets]
    assert sum(counts) == rows, path
    return counts[0]


def lines(path, rows):
    """JSON Lines as DuckDB, pandas and Polars read them; the JSON Schema beside them names the same columns."""
    schema = json.loads(path.with_name(f"{path.stem}.schema.json").read_text())
    wanted = list(schema["properties"])
    first = next(iter(path.open()), None)
    if first is None:
        assert rows == 0, path
        return
    assert sorted(json.loads(first)) == sorted(wanted), path
    assert duckdb.sql(f"select count(*) from read_json('{path}', format = 'newline_delimited')").fetchall()[0][0] == rows
    assert len(pandas.read_json(path, lines=True, dtype=False)) == rows, path
    assert polars.read_ndjson(path, infer_schema_length=None).height == rows, path


def in_libreoffice(files):
    """The first sheet of each as LibreOffice saves it again: the same rows, leading zeros kept."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        print("skipped: LibreOffice is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        home = f"-env:UserInstallation=file://{folder}/home"
        for path, rows in files:
            # Comma, double quote, UTF-8, from the first line; as it is shown.
            order = [program, home, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"]
            done = subprocess.run([*order, "--outdir", folder, str(path)], capture_output=True, timeout=300)
            saved = pathlib.Path(folder) / f"{path.stem}.csv"
            assert done.returncode == 0 and saved.exists(), (path, done.stderr[-300:])
            with open(saved, newline="", encoding="utf-8") as file:
                found = len(list(csv.reader(file)))
            assert found == rows + 1, (path, found, rows)
            saved.unlink()
            print(f"{path.name:<28} {rows:>8} rows: LibreOffice opens and saves it")


seen, for_people = 0, []
for path in sorted((run / "reports").glob("*.parquet")):
    wanted = columns_of(contracts[path.stem])
    rows = parquet(path, wanted)
    others = []
    if (beside := path.with_suffix(".csv")).exists():
        text(beside, wanted, rows)
        others.append("CSV")
    if (beside := path.with_suffix(".xlsx")).exists():
        # LibreOffice saves the first sheet alone.
        for_people.append((beside, workbook(beside, wanted, rows)))
        others.append("workbook")
    print(f"{path.stem:<28} {rows:>8} rows, {len(wanted)} columns: Parquet {' '.join(others)}")
    seen += 1
assert seen >= 8, seen
for path in sorted(run.glob("sync/*/*.parquet")):
    wanted = duckdb.sql(f"select * from '{path}'").columns
    rows = parquet(path, wanted)
    if (beside := path.with_suffix(".jsonl")).exists():
        lines(beside, rows)
    if (beside := path.with_suffix(".csv")).exists():
        text(beside, wanted, rows)
    print(f"{path.parent.name + '/' + path.stem:<28} {rows:>8} rows, {len(wanted)} columns")
in_libreoffice(for_people)
