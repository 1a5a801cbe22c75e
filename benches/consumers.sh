#!/usr/bin/env bash
# Opens every report of the latest run in DuckDB and pandas and holds its columns to the contracts. Throw-away environment.
set -euo pipefail
cd "$(dirname "$0")/.."
run="${1:-out/latest}"
venv="${MILAAN_VENV:-$(mktemp -d)/venv}"
[ -x "$venv/bin/python" ] || { python3 -m venv "$venv" && "$venv/bin/pip" -q install duckdb pandas pyarrow; }
"$venv/bin/python" - "$run" <<'PY'
import sys, tomllib, pathlib, duckdb, pandas
run = pathlib.Path(sys.argv[1])
contracts = {p.stem: tomllib.loads(p.read_text()) for p in pathlib.Path("pipelines").glob("*/reports/*.toml")}
seen = 0
for path in sorted((run / "reports").glob("*.parquet")):
    wanted = [column["name"] for column in contracts[path.stem]["column"]]
    in_duckdb = duckdb.sql(f"select * from '{path}'")
    in_pandas = pandas.read_parquet(path)
    assert in_duckdb.columns == wanted, (path.stem, in_duckdb.columns, wanted)
    assert list(in_pandas.columns) == wanted, path.stem
    rows = len(in_pandas)
    assert duckdb.sql(f"select count(*) from '{path}'").fetchall()[0][0] == rows
    csv = run / "reports" / f"{path.stem}.csv"
    if csv.exists():
        text = pandas.read_csv(csv, dtype=str, keep_default_na=False)
        assert list(text.columns) == wanted and len(text) == rows, path.stem
        assert duckdb.sql(f"select count(*) from read_csv('{csv}', header = true, all_varchar = true)").fetchall()[0][0] == rows
    print(f"{path.stem:<12} {rows:>8} rows, {len(wanted)} columns: DuckDB, pandas, CSV agree with the contract")
    seen += 1
assert seen >= 8, seen
PY
