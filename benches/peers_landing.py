"""`milaan land` beside DuckDB, polars and pyarrow on a registry CSV, and beside fastexcel and python-calamine on a workbook.

Each job is a process of its own and its figures include its start: for a peer Python and the import. Two threads, text columns,
zstd. Milaan also finds encoding, delimiter and header, and counts what it read, landed, rejected and skipped. The Excel peers only
read: fastexcel to Arrow with the types it infers, python-calamine to Python lists; Milaan writes Parquet as well.
"""
import sys
from measure import Cost, Failed, Job, missing, say, table

# name, modules, code; the code has IN and OUT and prints rows and columns it took
CSV_PEERS = [
    ("DuckDB COPY", ("duckdb",), """import duckdb
duckdb.execute("set threads = 2")
duckdb.execute(f"COPY (SELECT * FROM read_csv('{IN}', all_varchar = true)) TO '{OUT}' (FORMAT parquet, COMPRESSION zstd)")"""),
    ("polars read_csv, write_parquet", ("polars",), """import polars
polars.read_csv(IN, infer_schema=False).write_parquet(OUT, compression='zstd')"""),
    ("pyarrow read_csv, write_table", ("pyarrow",), """import pyarrow as pa, pyarrow.csv as csv, pyarrow.parquet as pq
pa.set_cpu_count(2)
text = csv.ConvertOptions(column_types={name: pa.string() for name in csv.open_csv(IN).schema.names})
pq.write_table(csv.read_csv(IN, convert_options=text), OUT, compression='zstd')"""),
]
XLSX_PEERS = [
    ("fastexcel, read to Arrow", ("fastexcel", "pyarrow"), """import fastexcel
print(fastexcel.read_excel(IN).load_sheet(0).to_arrow().shape)"""),
    ("python-calamine, read to lists", ("python_calamine",), """from python_calamine import CalamineWorkbook
print(len(CalamineWorkbook.from_path(IN).get_sheet_by_index(0).to_python()) - 1)"""),
]
# A sheet as Excel writes one: strings shared, phone numbers as numbers, the rest text.
WORKBOOK = """import csv, itertools, xlsxwriter
book = xlsxwriter.Workbook(OUT); sheet = book.add_worksheet('Residents')
with open(IN, encoding='utf-8-sig', newline='') as file:
    lines = csv.reader(file); header = next(lines)[:13]; sheet.write_row(0, 0, header); phone = header.index('Mobile')
    for at, cells in enumerate(itertools.islice(lines, ROWS), 1):
        for column, cell in enumerate(cells[:13]):
            if cell and column == phone: sheet.write_number(at, column, float(cell))
            elif cell: sheet.write_string(at, column, cell)
book.close()"""
SHAPE = "import pyarrow.parquet as pq; shape = pq.read_metadata(IN); print(shape.num_rows, 'x', shape.num_columns)"


def python(code, **names):
    given = "; ".join(f"{name} = {value!r}" for name, value in names.items())
    return [sys.executable, "-I", "-c", f"{given}\n{code}"]


def measure(order, milaan, folder):
    say(f"landing: a registry of {order.landing_rows} residents")
    run = lambda command: Job(command, order.timeout, log=folder / "stderr.log").or_fail()
    run([milaan, "synth", folder / "data", "--programme", "people-hub", "--residents", order.landing_rows, "--records", 1000,
         "--seed", order.seed, "--vocabulary", order.vocabulary])
    dump = folder / "data/registry/people_hub.csv"
    size = lambda path: f"{path.stat().st_size / 1e6:.0f} MB"
    compare(order, milaan, folder, dump, CSV_PEERS, f"Landing CSV, {order.landing_rows:,} residents, {size(dump)}, to zstd Parquet")
    if absent := missing("xlsxwriter"):
        print(f"No workbook: {absent}\n")
        return
    book, rows = folder / "residents.xlsx", min(order.xlsx_rows, order.landing_rows)
    say(f"landing: a workbook of {rows} rows")
    run(python(WORKBOOK, IN=str(dump), OUT=str(book), ROWS=rows))
    title = f"Landing XLSX, {rows:,} rows x 13, {size(book)}; Milaan to zstd Parquet, the peers only read"
    compare(order, milaan, folder, book, XLSX_PEERS, title)


def compare(order, milaan, folder, dump, peers, title):
    ours = "milaan land --to parquet"
    costs, notes, jobs = {ours: Cost()}, [], {}
    for name, modules, code in peers:
        costs[name] = Cost()
        costs[name].note = missing(*modules)
        if not costs[name].note:
            jobs[name] = lambda out, code=code: python(code, IN=str(dump), OUT=str(out))
    jobs[ours] = lambda out: [milaan, "land", dump, "--to", "parquet", "-o", out]
    for turn in range(order.repeat):
        for name, command in list(jobs.items())[:: -1 if turn % 2 else 1]:
            say(f"  {turn + 1}/{order.repeat} {name}")
            out = folder / "landed.parquet"
            out.unlink(missing_ok=True)
            try:
                job = Job(command(out), order.timeout, log=folder / "stderr.log", POLARS_MAX_THREADS="2", RAYON_NUM_THREADS="2").or_fail()
                costs[name].add(job.wall, job.cpu, job.peak)
                if out.exists() and not missing("pyarrow"):
                    shape = Job(python(SHAPE, IN=str(out)), 60, log=folder / "stderr.log").or_fail().stdout()
                    costs[name].note = f"{shape}, {out.stat().st_size / 1e6:.1f} MB"
                else:
                    costs[name].note = job.stdout()
            except Failed as failed:
                notes.append(f"{name} FAILED: {failed}")
    print(f"## {title}\n")
    table(["tool", "wall s", "CPU s", "peak MB", "Milaan / it: wall", "CPU", "peak", "took"],
          [[name, *cost.cells(), *(costs[ours].over(cost) if name != ours else ("", "", "")), cost.note] for name, cost in costs.items()])
    notes.append("Each figure includes the process's start: for a peer Python and the import. Two threads, text columns where a tool can.")
    print("\n".join(dict.fromkeys(notes)) + "\n", flush=True)
