"""Joins and orderings in the shapes of reports, over as many rows as a state has, in DataFusion with a limit of memory.

    python3 -m venv V && V/bin/pip install datafusion && V/bin/python benches/joins.py FOLDER --millions 50 --memory-gb 6

Makes two Parquet files of invented keys below FOLDER (a registry of so many rows, a list of 12.8 % of that), then runs each shape in
a process of its own, and prints a table: wall time, peak resident memory, the most that lay in the spill folder, rows written,
or the error's first words. The shapes are what SQL of the pipelines may use, or must not (docs/decisions/010).
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import threading
import time

SHAPES = {
    "order the registry by a text key": "SELECT * FROM registry ORDER BY token",
    "count by a text key, all different": "SELECT token, count(*) AS n FROM registry GROUP BY token",
    "count by a text key, one for five rows": "SELECT household_ref, count(*) AS n, sum(score) AS s FROM registry GROUP BY household_ref",
    "hash join, the list is built, the registry streams": "SELECT l.record_id, r.district, r.score FROM list l JOIN registry r ON r.resident_ref = l.resident_ref",
    "hash join, the registry is built": "SELECT l.record_id, r.district, r.score FROM list l RIGHT JOIN registry r ON r.token = l.token",
    "registry beside itself, hash join": "SELECT a.resident_ref, b.score FROM registry a JOIN registry b ON a.token = b.token",
    "registry beside itself, sort-merge join": "SELECT a.resident_ref, b.score FROM registry a JOIN registry b ON a.token = b.token",
    "who is not in the list (anti join)": "SELECT r.resident_ref FROM registry r WHERE NOT EXISTS (SELECT 1 FROM list l WHERE l.resident_ref = r.resident_ref)",
    "first row a household (window)": "SELECT resident_ref, household_ref FROM (SELECT *, row_number() OVER (PARTITION BY household_ref ORDER BY resident_ref) AS n FROM registry) WHERE n = 1",
    "households of the list's people, counted": "SELECT r.household_ref, count(*) AS n FROM list l JOIN registry r ON r.resident_ref = l.resident_ref GROUP BY r.household_ref",
    "matrix: list with registry, ordered": "SELECT l.record_id, l.scheme, r.household_ref, r.district FROM list l JOIN registry r ON r.resident_ref = l.resident_ref ORDER BY r.district, r.household_ref, l.record_id",
}


def make(folder: pathlib.Path, millions: float) -> None:
    from datafusion import SessionContext

    rows, listed = int(millions * 1e6), int(millions * 128_000)
    ctx = SessionContext()
    wanted = {
        "registry": f"SELECT concat('R', lpad(value::text, 9, '0')) AS resident_ref, md5(value::text) AS token,"
        f" concat('H', lpad((value / 5)::text, 9, '0')) AS household_ref, concat('D', (value * 7919 % 26)::text) AS district,"
        f" (value * 31 % 1000)::int AS score FROM generate_series(1, {rows})",
        "list": f"SELECT concat('L', value::text) AS record_id, concat('S', (value % 5)::text) AS scheme,"
        f" concat('R', lpad((value * 7919 % {rows} + 1)::text, 9, '0')) AS resident_ref,"
        f" md5((value * 7919 % {rows} + 1)::text) AS token FROM generate_series(1, {listed})",
    }
    for name, sql in wanted.items():
        if not (folder / name).exists():
            ctx.sql(sql).write_parquet(str(folder / name), compression="zstd", compression_level=1)


def run(folder: pathlib.Path, shape: str, memory: int) -> None:
    from datafusion import RuntimeEnvBuilder, SessionConfig, SessionContext

    spill = folder / "spill"
    spill.mkdir(exist_ok=True)
    runtime = RuntimeEnvBuilder().with_greedy_memory_pool(memory).with_disk_manager_specified(str(spill))
    config = SessionConfig().with_target_partitions(2)
    config = config.set("datafusion.execution.parquet.schema_force_view_types", "false")
    if "sort-merge" in shape:
        config = config.set("datafusion.optimizer.prefer_hash_join", "false")
    ctx = SessionContext(config, runtime)
    for name in ("registry", "list"):
        ctx.register_parquet(name, str(folder / name))
    out, most, done = folder / "out", 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.2):
            size = 0
            for path in spill.rglob("*"):
                try:
                    size += path.stat().st_size
                except OSError:
                    pass
            most = max(most, size)

    watcher = threading.Thread(target=watch)
    watcher.start()
    started, error = time.monotonic(), None
    try:
        ctx.sql(SHAPES[shape]).write_parquet(str(out), compression="zstd", compression_level=1)
    except Exception as reason:
        error = str(reason).split("\n")[0][:160]
    done.set()
    watcher.join()
    rows = None
    if error is None:
        rows = SessionContext().read_parquet(str(out)).count()
    print(json.dumps({
        "wall": time.monotonic() - started,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "spilled": most / 1e6,
        "rows": rows,
        "error": error,
    }))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--millions", type=float, default=50)
    parser.add_argument("--memory-gb", type=float, default=6)
    parser.add_argument("--shape", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.shape:
        return run(args.folder, args.shape, int(args.memory_gb * 2**30))
    args.folder.mkdir(parents=True, exist_ok=True)
    make(args.folder, args.millions)
    print("| shape | wall | peak memory | most spilled | rows |\n|---|---|---|---|---|", flush=True)
    for shape in SHAPES:
        command = [sys.executable, __file__, str(args.folder), "--memory-gb", str(args.memory_gb), "--shape", shape]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        told = done.stdout.strip().splitlines()
        if done.returncode or not told:
            print(f"| {shape} | ended by signal or error {done.returncode} | | | |", flush=True)
        else:
            one = json.loads(told[-1])
            what = one["error"] or f"{one['rows']:,}"
            print(f"| {shape} | {one['wall']:.0f} s | {one['peak']:.0f} MB | {one['spilled']:.0f} MB | {what} |", flush=True)
        for left in ("out", "spill"):
            shutil.rmtree(args.folder / left, ignore_errors=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main()
