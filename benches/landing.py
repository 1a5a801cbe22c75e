"""The work of landing.sh: makes the files, runs each reader in a process of its own, prints figures and ratios.

The readers take turns and the best of three runs counts, so that a busy machine disturbs all alike.
"""

import os
import random
import resource
import subprocess
import sys
import time

THREADS = "2"

GIVEN = "Ravi Sita Lakshmi Venkata Subba Ramana Krishna Mohammed Fatima Anjali Srinivas Padma Nagamma Yellaiah".split()
SURNAMES = "Reddy Rao Naidu Raju Chowdary Sastry Varma Setty Goud Yadav Shaik Khan Babu Prasad".split()
PLACES = [a + b for a in ("Chinna", "Pedda", "Kotha", "Rama", "Gopala") for b in ("palle", "puram", "gudem", "konda")]
DISTRICTS = "Guntur Krishna Nellore Chittoor Kadapa Anantapur Kurnool Vizag Eluru Bapatla".split()
HEADER = [
    "resident_id", "aadhaar", "name", "father_name", "gender", "birth_date",
    "mobile", "district", "mandal", "village", "door_no", "ration_card",
]


def person(r, number):
    return [
        str(1000000000 + number),
        f"{r.randrange(10**12):012d}",
        f"{r.choice(SURNAMES)} {r.choice(GIVEN)} {r.choice(GIVEN)}",
        f"{r.choice(SURNAMES)} {r.choice(GIVEN)}",
        r.choice("MF"),
        f"{r.randint(1, 28):02d}-{r.randint(1, 12):02d}-{r.randint(1930, 2020)}",
        f"9{r.randrange(10**9):09d}",
        r.choice(DISTRICTS),
        r.choice(PLACES),
        r.choice(PLACES),
        f"{r.randint(1, 30)}-{r.randint(1, 200)}/{r.randint(1, 9)}, Ward {r.randint(1, 20)}",
        f"WAP{r.randrange(10**12):012d}",
    ]


def make_csv(path, rows):
    r = random.Random(7)
    with open(path, "w", newline="") as out:
        out.write(",".join(HEADER) + "\r\n")
        for number in range(rows):
            cells = person(r, number)
            cells[10] = f'"{cells[10]}"'
            out.write(",".join(cells) + "\r\n")


def make_xlsx(path, rows):
    import xlsxwriter

    r = random.Random(8)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("List")
    for column, name in enumerate([*HEADER, "amount"]):
        sheet.write(0, column, name)
    for number in range(rows):
        for column, cell in enumerate(person(r, number)):
            sheet.write_string(number + 1, column, cell)
        sheet.write_number(number + 1, 12, r.randint(500, 4000))
    book.close()


PEERS = {
    "duckdb": """
import duckdb
duckdb.execute("SET threads={threads}")
duckdb.execute("COPY (SELECT * FROM read_csv('{file}', all_varchar=true)) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")
""",
    "pyarrow": """
import pyarrow as pa, pyarrow.csv as c, pyarrow.parquet as q
pa.set_cpu_count({threads})
names = open('{file}').readline().strip().split(',')
types = {{n: pa.string() for n in names}}
q.write_table(c.read_csv('{file}', convert_options=c.ConvertOptions(column_types=types)), '{out}', compression='zstd')
""",
    "polars": """
import os
os.environ['POLARS_MAX_THREADS'] = '{threads}'
import polars as pl
pl.scan_csv('{file}', infer_schema=False).sink_parquet('{out}', compression='zstd', compression_level=1)
""",
    "fastexcel": """
import fastexcel
fastexcel.read_excel('{file}').load_sheet(0).to_arrow()
""",
    "python-calamine": """
import python_calamine
python_calamine.CalamineWorkbook.from_path('{file}').get_sheet_by_index(0).to_python()
""",
}


def run(command):
    """Wall, CPU and peak memory of a process."""
    begin = time.monotonic()
    child = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    said = child.stderr.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - begin
    if status != 0:
        sys.exit(f"{command[:2]} failed: {said[-500:]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def race(room, land, file, to, peers):
    """Everybody in turn, three times; the best wall and CPU, the highest memory."""
    out = os.path.join(room, "out")
    commands = {"milaan": [land, file, to, out]}
    for name in peers:
        script = PEERS[name].format(file=file, out=out, threads=THREADS)
        commands[name] = [sys.executable, "-c", script]
    figures = {name: [] for name in commands}
    for _ in range(3):
        for name, command in commands.items():
            figures[name].append(run(command))
    best = {name: (min(r[0] for r in runs), min(r[1] for r in runs), max(r[2] for r in runs)) for name, runs in figures.items()}
    own = best["milaan"]
    print(f"\n{os.path.basename(file)}, {os.path.getsize(file) / 1e6:.0f} MB, {THREADS} threads, to {to}")
    print(f"{'':16} {'wall s':>8} {'CPU s':>8} {'peak MB':>8}   milaan takes, of its wall, CPU, peak")
    for name, (wall, cpu, peak) in best.items():
        ratios = "" if name == "milaan" else f"{own[0] / wall:8.2f} {own[1] / cpu:8.2f} {own[2] / peak:8.2f}"
        print(f"{name:16} {wall:8.2f} {cpu:8.2f} {peak:8.0f}   {ratios}")


def main():
    room, land, thousands = sys.argv[1], sys.argv[2], int(sys.argv[3])
    # Our reader takes as many threads as it may use.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(THREADS)])
    csv = os.path.join(room, f"registry_{thousands}k.csv")
    xlsx = os.path.join(room, "list_200k.xlsx")
    for path, make, rows in ((csv, make_csv, thousands * 1000), (xlsx, make_xlsx, 200_000)):
        if not os.path.exists(path):
            make(path + ".part", rows)
            os.rename(path + ".part", path)
    print(f"load when it began: {os.getloadavg()[0]:.1f}")
    race(room, land, csv, "lineage", ["duckdb", "pyarrow", "polars"])
    race(room, land, xlsx, "parquet", ["fastexcel", "python-calamine"])
    print(f"\nload when it ended: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
