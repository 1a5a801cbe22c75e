#!/usr/bin/env bash
# Opens everything a run publishes in DuckDB, pandas, Polars, openpyxl and (where it is installed) LibreOffice, and holds columns and
# counts to the contracts. Usage: benches/consumers.sh [RUN]. Exit 77: Python or its packages cannot be had here.
set -euo pipefail
cd "$(dirname "$0")/.."
run="${1:-out/latest}"
venv="${MILAAN_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/milaan-consumers}"
if ! "$venv/bin/python" -c 'import duckdb, pandas, pyarrow, polars, openpyxl' 2> /dev/null; then
    python3 -m venv "$venv" 2> /dev/null \
        && "$venv/bin/pip" -q install --retries 1 --timeout 20 duckdb pandas pyarrow polars openpyxl 2> /dev/null \
        || { echo "skipped: Python's venv or its packages cannot be had here"; exit 77; }
fi
"$venv/bin/python" benches/consumers.py "$run"
