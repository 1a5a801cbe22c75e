"""How far a supervised model gets on what a run compared: its recall at precision 99.9 %, beside the run's own.

    python3 benches/ceiling.py out/latest truth.csv

duckdb, pandas, scikit-learn and lightgbm come from PyPI into ${MILAAN_BENCH_DIR:-/tmp/milaan-bench}/venv-ceiling. The records are
parted in two halves; each half is judged by models fitted to the other. A record counts once, by its best pair; true pairs that
blocking or the operator's cut left out are misses. `levels`: the levels of the second look, as the run's evidence has them, one
column each; `levels and weights`: also the weight of each, in which the frequencies of values are. Last, what the true pairs that
the best model accepts and the run does not look like: the levels that are commoner among them than among pairs that both accept.
The truth serves these figures alone.
"""

import os
import pathlib
import subprocess
import sys
import venv

PACKAGES = ("duckdb", "pandas", "scikit-learn", "lightgbm")
PRECISION = 0.999


def enter_venv():
    """Starts again in an environment that has the packages."""
    home = pathlib.Path(os.environ.get("MILAAN_BENCH_DIR", "/tmp/milaan-bench")) / "venv-ceiling"
    python = home / "bin/python"
    if pathlib.Path(sys.prefix).resolve() == home.resolve():
        return
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    os.execv(python, [python, *sys.argv])


def read(run, truth):
    """The kept pairs with their evidence, the records' answers, and how many records are linked in truth."""
    import duckdb

    db = duckdb.connect()
    db.execute(f"CREATE VIEW routing AS FROM read_parquet('{run}/reports/routing.parquet')")
    db.execute(f"""CREATE TABLE judged AS
        SELECT r.source_id, r.record_id, r.lookup, r.resident_ref AS given, nullif(t.resident_ref, '') AS truth_ref
        FROM routing r JOIN read_csv('{truth}', all_varchar=true) t ON t.source_id = r.source_id
        AND t.file = r.file AND coalesce(t.sheet, '') = coalesce(r.sheet, '') AND t.row = r.row""")
    linked, accepted, right = db.execute("""SELECT count(truth_ref), count(*) FILTER (WHERE lookup = 'found'),
        count(*) FILTER (WHERE lookup = 'found' AND given = truth_ref) FROM judged""").fetchone()
    pairs = db.execute(f"""SELECT p.source_id || '/' || p.record_id AS record, p.match_weight, p.band, j.lookup,
        coalesce(p.resident_ref = j.truth_ref, false) AS is_true,
        coalesce(j.lookup = 'found' AND j.given = p.resident_ref, false) AS accepted,
        list_transform(p.evidence, lambda e: e.comparison) AS comparisons,
        list_transform(p.evidence, lambda e: e.level) AS levels,
        list_transform(p.evidence, lambda e: e.weight) AS weights
        FROM '{run}/stages/pairs/*.parquet' p JOIN judged j USING (source_id, record_id)
        ORDER BY p.source_id, p.record_id, p.resident_ref""").df()
    return pairs, (linked, accepted, right)


def features_of(pairs):
    """One column a level; and one a comparison with its weight."""
    import numpy as np
    import pandas as pd

    names = list(pairs.comparisons.iloc[0])
    levels = np.array(pairs.levels.tolist())
    weights = pd.DataFrame(np.array(pairs.weights.tolist(), dtype="float32"), columns=[f"{name} weight" for name in names])
    columns = {f"{name} {level}": levels[:, at] == level for at, name in enumerate(names) for level in np.unique(levels[:, at])}
    return pd.DataFrame(columns).astype("float32"), weights


def out_of_half(pairs, features, model):
    import numpy as np
    import pandas as pd

    record = pd.factorize(pairs.record)[0]
    half = (np.random.default_rng(1).permutation(record.max() + 1) % 2)[record]
    score = np.zeros(len(pairs))
    for judge in (half == 0, half == 1):
        fitted = model().fit(features[~judge], pairs.is_true[~judge])
        score[judge] = fitted.predict_proba(features[judge])[:, 1]
    return score


def at_precision(pairs, score, linked):
    """Recall, and which pairs are accepted."""
    import numpy as np

    best = pairs.assign(score=score).sort_values(["record", "score"], ascending=[True, False], kind="stable")
    best = best.groupby("record").head(1).sort_values("score", ascending=False, kind="stable")
    right = best.is_true.cumsum().to_numpy()
    precise = np.where(right / np.arange(1, len(best) + 1) >= PRECISION)[0]
    if not len(precise):
        return 0.0, best.index[:0]
    return right[precise.max()] / linked, best.index[: precise.max() + 1]


def explain(pairs, levels, taken):
    """The true pairs that the model accepts and the run does not."""
    gap = pairs.index.isin(taken) & pairs.is_true & ~pairs.accepted
    both = pairs.index.isin(taken) & pairs.is_true & pairs.accepted
    lost = ~pairs.index.isin(taken) & pairs.is_true & pairs.accepted
    print(f"  true pairs accepted by the model and not by the run: {gap.sum()}; by the run and not by the model: {lost.sum()}")
    kinds = pairs[gap].groupby(["lookup", "band"]).size().sort_values(ascending=False)
    print("  the former by answer and band: " + ", ".join(f"{lookup}/{band} {n}" for (lookup, band), n in kinds.items()))
    shares = levels[gap].mean() - levels[both].mean()
    for name in shares.sort_values(ascending=False).index[:8]:
        print(f"    {name:<28} {levels[gap][name].mean():6.1%} of them, {levels[both][name].mean():6.1%} of pairs that both accept")


def main(run, truth):
    import lightgbm
    import pandas as pd
    from sklearn.linear_model import LogisticRegression

    pairs, (linked, accepted, right) = read(run, truth)
    levels, weights = features_of(pairs)
    print(f"{len(pairs)} pairs kept, {int(pairs.is_true.sum())} of {linked} true ones among them")
    print(f"  {'the run as it is (eval)':<38} recall {right / linked:.4f} at precision {right / accepted:.5f}")
    own, _ = at_precision(pairs, pairs.match_weight, linked)
    print(f"  {'weights of the run':<38} recall {own:.4f} at precision {PRECISION}")
    logistic = lambda: LogisticRegression(max_iter=2000)
    trees = lambda: lightgbm.LGBMClassifier(n_estimators=200, learning_rate=0.05, verbose=-1, random_state=1, n_jobs=1)
    both = pd.concat([levels, weights], axis=1)
    best, taken = 0.0, []
    for name, features, model in (
        ("logistic regression, levels", levels, logistic),
        ("boosted trees, levels", levels, trees),
        ("boosted trees, levels and weights", both, trees),
    ):
        recall, chosen = at_precision(pairs, out_of_half(pairs, features, model), linked)
        print(f"  {name:<38} recall {recall:.4f} at precision {PRECISION}", flush=True)
        if recall > best:
            best, taken = recall, chosen
    explain(pairs, levels, taken)


if __name__ == "__main__":
    enter_venv()
    main(*sys.argv[1:3])
