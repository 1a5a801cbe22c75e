#!/usr/bin/env python3
"""Invented people of growing numbers through `milaan run` and `milaan eval`: time, memory, pairs, disk and accuracy at each size.

Needs nothing but the release build. `--millions` are residents; the lists have `--share` times as many records.
"""
import argparse, json, pathlib, shutil, sys

from measure import BENCH, Failed, Job, fresh, milaan_binary, remove, say, table, two_cores

HEADER = ["residents", "records", "seed", "land", "standardise", "link", "reconcile", "publish", "wall s", "CPU s", "peak MB",
          "disk GB", "pairs/record", "blocking recall", "precision", "recall", "F1"]


def options():
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--millions", default="0.25,1,4", help="residents, in millions")
    read.add_argument("--share", type=float, default=0.125, help="records for each resident")
    read.add_argument("--seeds", default="1")
    read.add_argument("--programme", default="people-hub", choices=["people-hub", "ehsaas"])
    read.add_argument("--vocabulary", default="B", choices=["A", "B"])
    read.add_argument("--memory", default="6GB")
    read.add_argument("--threads", default="2")
    read.add_argument("--hours", type=float, default=2, help="the longest that one run may take")
    read.add_argument("--no-eval", action="store_true", help="times alone")
    return read.parse_args()


def measure(milaan, given, residents, seed):
    """One row of the table; its files are gone afterwards."""
    records = int(residents * given.share)
    work = BENCH / f"growth-{given.programme}-{residents}-{seed}"
    fresh(work)
    try:
        seconds = given.hours * 3600
        Job([milaan, "synth", work / "data", "--programme", given.programme, "--residents", residents, "--records", records,
             "--seed", seed, "--vocabulary", given.vocabulary], seconds).or_fail()
        run = Job([milaan, "run", f"pipelines/{given.programme}", "--data", work / "data", "--out", work / "out", "--threads",
                   given.threads, "--memory", given.memory, "--progress", "none"], seconds).or_fail()
        latest = work / "out/latest"
        receipt = json.loads((latest / "receipt.json").read_text())
        disk = sum(file.lstat().st_size for file in (work / "out").rglob("*") if file.is_file() and not file.is_symlink())
        stages = [f"{stage['wall_s']:.1f} ({stage['cpu_s']:.1f})" for stage in receipt["stages"]]
        pairs = sum(one["pairs_compared"] for one in receipt["candidates"]) / records
        row = [f"{residents:,}", f"{records:,}", seed, *stages, f"{run.wall:.1f}", f"{run.cpu:.1f}", f"{run.peak:.0f}",
               f"{disk / 1e9:.2f}", f"{pairs:.1f}"]
        if given.no_eval:
            return row + ["-"] * 4
        judged = Job([milaan, "eval", latest, work / "data/truth.csv", "--json", "--memory", given.memory,
                      "--threads", given.threads], seconds).or_fail()
        judged = json.loads(judged.stdout())
        accepted, blocking = judged["accepted"], judged["blocking"]["recall"]["value"]
        return row + [f"{value:.5f}" for value in (blocking, accepted["precision"], accepted["recall"], accepted["f1"])]
    finally:
        remove(work)


def main():
    given = options()
    two_cores()
    BENCH.mkdir(parents=True, exist_ok=True)
    milaan = milaan_binary()
    free = shutil.disk_usage(BENCH).free
    say(f"{given.programme}, vocabulary {given.vocabulary}, {given.threads} threads, --memory {given.memory}; {free / 1e9:.0f} GB of disk are free")
    rows, failed = [], False
    for millions in given.millions.split(","):
        for seed in given.seeds.split(","):
            try:
                rows.append(measure(milaan, given, int(float(millions) * 1e6), seed))
                say(" | ".join(str(cell) for cell in rows[-1]))
            except Failed as error:
                failed = True
                say(f"{millions} million, seed {seed}: {error}")
    table(HEADER, rows)
    print("\nstages: wall seconds (CPU seconds)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    sys.exit(main())
