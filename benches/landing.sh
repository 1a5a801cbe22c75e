#!/bin/sh
# Landing a registry CSV and a workbook, against readers from PyPI, in one run on one machine: wall, CPU, peak memory.
#
#     benches/landing.sh [ROWS]          rows of the CSV in thousands, 1000 where not given
#
# Needs python3 with venv and the network for the first run; MILAAN_BENCH keeps the environment and the files.
set -eu
cd "$(dirname "$0")/.."
thousands=${1:-1000}
room=${MILAAN_BENCH:-${TMPDIR:-/tmp}/milaan-landing}
mkdir -p "$room"
if [ ! -x "$room/venv/bin/python" ]; then
    python3 -m venv "$room/venv"
    "$room/venv/bin/pip" -q install duckdb pyarrow polars fastexcel python-calamine xlsxwriter
fi
cargo build --release -q -p milaan-ingest --example land
target=${CARGO_TARGET_DIR:-target}
exec "$room/venv/bin/python" benches/landing.py "$room" "$target/release/examples/land" "$thousands"
