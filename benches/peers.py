#!/usr/bin/env python3
"""Milaan beside its peers, on the same people and files, in one run: linking (Splink) and landing (DuckDB, polars, pyarrow, Excel).

    just bench-peers [--sizes 100000x20000,1000000x200000] [--seed 1] [--vocabulary B] [--repeat 1] [--only link|landing] [--keep]

Standard library alone; Splink, DuckDB and the rest live in ${MILAAN_BENCH_DIR:-/tmp/milaan-bench}/venv. MILAAN_BIN names a built
`milaan`; without it `cargo build --release` makes one. The peer for linking is ../shared/peers/splink_link.py, unaltered. Markdown
on stdout, progress on stderr. Everything but the environment is removed at the end.
"""
import argparse, hashlib, json, pathlib, shutil, sys

sys.dont_write_bytecode = True  # Nothing that names this machine among the files.
from measure import BENCH, REPO, Cost, Failed, Job, enter_venv, fresh, heading, milaan_binary, missing, remove, say, table, two_cores
import peers_landing

PEER = REPO.parent / "shared/peers/splink_link.py"
LINK_STEPS = ("block", "predict >= 0.5", "best per record")
OURS, TRAINED = "Milaan, committed weights", "Milaan, trained here"
# Each process and what its figures include.
JOBS = {
    "Splink": "`splink_link.py`: Python's start, load of clean flat Parquet, train (u from 1e7 pairs), block, predict, best, score",
    OURS: "`milaan run`, committed weights: dumps (CSV, XLSX) landed, standardised, linked, reconciled, reports checked and published",
    "milaan train": "`milaan train`: dumps landed and standardised anew, u, EM, weights written",
    TRAINED: "`milaan run`, the weights of that training",
}
SUMS = ("Splink: untrained", "Splink: link", "Milaan: train + run")
# Two costs, what is compared, what each part includes.
RATIOS = (
    ("Splink", SUMS[2], "whole job, training included", "the whole script",
     "`milaan train`, then `milaan run` on its weights; peak: the larger"),
    (SUMS[0], OURS, "without training on either side", "load, block, predict, best", "the whole `milaan run`, dumps to reports"),
    (SUMS[1], f"{OURS}: link", "linking alone", "block, predict, best", "stage `link`: standardised Parquet to answers"),
)


def place(name):
    """Where a row stands: parts behind their process."""
    return list(JOBS).index(name.split(": ")[0])


def orders():
    parse = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parse.add_argument("--sizes", default="100000x20000", help="RESIDENTSxRECORDS, several by commas")
    parse.add_argument("--seed", default="1")
    parse.add_argument("--vocabulary", default="B", help="A or B; the committed weights were trained on A")
    parse.add_argument("--repeat", type=int, default=1)
    parse.add_argument("--only", choices=("link", "landing"))
    parse.add_argument("--memory", default="4GB", help="`milaan run --memory`")
    parse.add_argument("--threads", default="2", help="`milaan run --threads`; Splink's DuckDB has 2")
    parse.add_argument("--no-train", action="store_true", help="leave `milaan train` and the run on its weights out")
    parse.add_argument("--landing-rows", type=int, default=1_000_000, help="rows of the registry CSV")
    parse.add_argument("--xlsx-rows", type=int, default=200_000, help="rows of the workbook, 13 columns")
    parse.add_argument("--timeout", type=int, default=3600, help="seconds one job may take")
    parse.add_argument("--peer", type=pathlib.Path, default=PEER)
    parse.add_argument("--pipelines", type=pathlib.Path, default=REPO / "pipelines", help="of the commit the binary was built from")
    parse.add_argument("--keep", action="store_true", help="leave data and results in the bench folder")
    return parse.parse_args()


class Linking:
    """One size: the jobs, what they cost, how right they are."""

    def __init__(self, order, milaan, folder, size):
        self.order, self.milaan, self.folder = order, milaan, folder
        self.residents, self.records = size.lower().split("x")
        self.data = folder / "data"
        self.costs, self.scores, self.notes = {}, {}, []

    def cost(self, name):
        return self.costs.setdefault(name, Cost())

    def job(self, *command, **more):
        return Job(command, self.order.timeout, log=self.folder / "stderr.log", **more)

    def make(self):
        self.job(self.milaan, "synth", self.data, "--programme", "people-hub", "--residents", self.residents,
                 "--records", self.records, "--seed", self.order.seed, "--vocabulary", self.order.vocabulary, "--flat").or_fail()

    def splink(self):
        """The peer, its own phases by its own clock; the memory of a phase by samples of its resident memory, 20 a second."""
        job = self.job(sys.executable, self.order.peer, self.data / "flat", sampled=True).or_fail()
        self.cost("Splink").add(job.wall, job.cpu, job.peak)
        steps, begin, printed = {}, 0.0, []
        for at, line in job.lines:
            said = json.loads(line)
            if "at" in said:
                printed.append(said)
            elif said["step"] != "total":
                steps[said["step"]] = (said["wall"], said["cpu"], job.peak_between(begin, at))
                begin = at
                if "pairs" in said:
                    self.notes.append(f"Splink compared {said['pairs']:,} pairs.")
        for step, spent in steps.items():
            self.cost(f"Splink: {step}").add(*spent)
        for name, parts in ((SUMS[0], ("load", *LINK_STEPS)), (SUMS[1], LINK_STEPS)):
            parts = [steps[part] for part in parts]
            wall, cpu, peak = zip(*parts)
            self.cost(name).add(sum(wall), sum(cpu), max(peak))
        best = max(printed, key=lambda one: one["f1"])
        self.scores["Splink, best resident per record, best of its 5 probabilities (as it prints)"] = (
            best["precision"], best["recall"], best["f1"], f"p >= {best['at']}")

    def run(self, name, pipelines):
        """`milaan run` from the dumps to published reports, into a fresh folder; then judged."""
        out = self.folder / "out"
        remove(out)
        job = self.job(self.milaan, "run", pipelines / "people-hub", "--data", self.data, "--out", out,
                       "--threads", self.order.threads, "--memory", self.order.memory, "--progress", "none")
        if not job.lines:
            job.or_fail()
        path = pathlib.Path(job.lines[-1][1])
        path = path if path.is_absolute() else REPO / path
        receipt = json.loads(path.read_text())
        if job.error:
            self.notes.append(f"{name}: {receipt['verdict']}, {job.error}")
        self.cost(name).add(job.wall, job.cpu, job.peak)
        for stage in receipt["stages"]:
            self.cost(f"{name}: {stage['name']}").add(stage["wall_s"], stage["cpu_s"], job.peak)
        self.judge(name, path.parent)

    def judge(self, name, run):
        truth = self.data / "truth.csv"
        said = json.loads(self.job(self.milaan, "eval", run, truth, "--json").or_fail().stdout())["accepted"]
        self.scores[f"{name}, accepted (`milaan eval`)"] = (said["precision"], said["recall"], said["f1"], "its own bands")
        if absent := missing("duckdb"):
            self.notes.append(f"No swept F1 of Milaan: {absent}.")
            return
        judge = (sys.executable, REPO / "benches/peers_score.py", run, truth, self.data / "flat/truth.parquet")
        scores = json.loads(self.job(*judge).or_fail().stdout())
        self.scores[f"{name}, best resident per record, best of the same 5 probabilities"] = scores["same"]
        self.scores[f"{name}, best resident per record, any weight"] = scores["swept"]
        if scores["linked"] != scores["linked_flat"]:
            self.notes.append(f"The truths differ: {scores['linked']} linked in truth.csv, {scores['linked_flat']} in flat/.")

    def trained(self):
        """`milaan train` on these dumps, into a copy of the pipelines; then the job on what it wrote."""
        pipelines = self.folder / "pipelines"
        remove(pipelines)
        shutil.copytree(self.order.pipelines, pipelines)
        job = self.job(self.milaan, "train", pipelines / "people-hub", "--data", self.data,
                       "--threads", self.order.threads, "--memory", self.order.memory, "--progress", "none").or_fail()
        self.cost("milaan train").add(job.wall, job.cpu, job.peak)
        self.run(TRAINED, pipelines)
        whole = self.costs[TRAINED].runs[-1]
        self.cost(SUMS[2]).add(job.wall + whole[0], job.cpu + whole[1], max(job.peak, whole[2]))

    def measure(self):
        say(f"{self.residents} x {self.records}: inventing people")
        self.make()
        jobs = {"milaan run": lambda: self.run(OURS, self.order.pipelines)}
        absent = missing("splink", "duckdb", "psutil")
        if not self.order.peer.is_file():
            absent = f"there is no {self.order.peer}"
        if absent:
            self.notes.append(f"Splink was not run: {absent}.")
        else:
            jobs = {"splink_link.py": self.splink, **jobs}
        if not self.order.no_train:
            jobs["milaan train, milaan run"] = self.trained
        for turn in range(self.order.repeat):
            for name, job in list(jobs.items())[:: -1 if turn % 2 else 1]:
                say(f"  {turn + 1}/{self.order.repeat} {name}")
                try:
                    job()
                except Failed as failed:
                    self.notes.append(f"{name} FAILED: {failed}")

    def show(self):
        order = self.order
        size = f"{int(self.residents):,} residents x {int(self.records):,} records"
        print(f"## Linking, {size}, seed {order.seed}, vocabulary {order.vocabulary}\n")
        names = dict(JOBS)
        names |= {name: "... " + name.split(": ")[1] for name in self.costs if ": " in name and name not in SUMS}
        rows = [(name, [text, *self.cost(name).cells()]) for name, text in names.items() if self.cost(name).runs]
        table(["what", "wall s", "CPU s", "peak MB"], [row for _, row in sorted(rows, key=lambda one: place(one[0]))])
        table(["Splink / Milaan", "Splink's part", "Milaan's part", "wall", "CPU", "peak memory"],
              [[*words, *self.cost(peer).over(self.cost(own))] for peer, own, *words in RATIOS])
        table(["judged", "precision", "recall", "F1", "at"],
              [[name, *(f"{part:.5f}" for part in score[:3]), score[3]] for name, score in self.scores.items()])
        print("The phases of Splink and the stages of Milaan are by their own clocks, Splink's without Python's start; the memory of "
              "a phase of Splink is sampled 20 times a second, that of a stage of Milaan is the whole run's. Splink reads names, dates "
              "and phones cleaned by `synth --flat` (no rice card); Milaan reads the dumps as they come.\n")
        print("\n".join(dict.fromkeys(self.notes)) + "\n", flush=True)


def main():
    order = orders()
    enter_venv()
    two_cores()
    order.peer, order.pipelines = order.peer.resolve(), order.pipelines.resolve()
    milaan = milaan_binary()
    heading(milaan, order.repeat)
    folder = BENCH / "peers"
    try:
        if order.only != "landing":
            if order.peer.is_file():
                print(f"Peer: {order.peer.name}, SHA-256 {hashlib.sha256(order.peer.read_bytes()).hexdigest()}\n")
            for size in order.sizes.split(","):
                linking = Linking(order, milaan, fresh(folder / size), size)
                linking.measure()
                linking.show()
                if not order.keep:
                    remove(folder / size)
        if order.only != "link":
            peers_landing.measure(order, milaan, fresh(folder / "landing"))
    finally:
        (BENCH / "stderr.log").unlink(missing_ok=True)
        if not order.keep:
            remove(folder)


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(f"failed: {failed}")
