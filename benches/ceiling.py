"""How far a supervised model gets on the levels of a run: its recall at precision 99.9 %, beside the run's own.

    python benches/ceiling.py out/latest truth.csv

Needs duckdb, pandas, scikit-learn and lightgbm. The models are judged on folds of records they were not fitted to; a record
counts once, by its best pair. True pairs that blocking or the operator's cut left out are misses. The levels are those of the
second look. The truth serves this figure alone.
"""

import sys

import duckdb
import lightgbm
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

PRECISION = 0.999


def recall_at(frame, score, linked):
    best = frame.assign(score=score).sort_values(["record", "score"], ascending=[True, False])
    best = best.groupby("record").head(1).sort_values("score", ascending=False)
    right = best.is_true.cumsum().to_numpy()
    precise = np.where(right / np.arange(1, len(best) + 1) >= PRECISION)[0]
    return right[precise.max()] / linked if len(precise) else 0.0


def out_of_fold(frame, features, model):
    score = np.zeros(len(frame))
    for fit, judge in GroupKFold(5).split(features, frame.is_true, frame.record):
        fitted = model().fit(features.iloc[fit], frame.is_true.iloc[fit])
        score[judge] = fitted.predict_proba(features.iloc[judge])[:, 1]
    return score


def main(run, truth):
    db = duckdb.connect()
    stages = f"{run}/stages"
    db.execute(f"CREATE VIEW records AS FROM read_parquet('{stages}/records/*.parquet', union_by_name=true)")
    db.execute(f"""CREATE TABLE judged AS
        SELECT r.source_id, r.record_id, nullif(t.resident_ref, '') AS truth_ref
        FROM records r JOIN read_csv('{truth}', all_varchar=true) t ON t.source_id = r.source_id
        AND t.file = r.file AND coalesce(t.sheet, '') = coalesce(r.sheet, '') AND t.row = r.row""")
    linked = db.execute("SELECT count(truth_ref) FROM judged").fetchone()[0]
    for stage in ("pairs",):
        frame = db.execute(f"""SELECT p.source_id || '/' || p.record_id AS record, p.match_weight,
            coalesce(p.resident_ref = j.truth_ref, false) AS is_true,
            list_transform(p.evidence, lambda e: e.comparison || '=' || e.level) AS levels
            FROM '{stages}/{stage}/*.parquet' p JOIN judged j USING (source_id, record_id)""").df()
        features = pd.get_dummies(frame.levels.explode()).groupby(level=0).max().astype(float)
        features.columns = [f"f{at}" for at in range(features.shape[1])]
        print(f"{stage}: {int(frame.is_true.sum())} of {linked} true pairs kept")
        for name, score in (
            ("the run's own weight", frame.match_weight),
            ("logistic regression", out_of_fold(frame, features, lambda: LogisticRegression(max_iter=3000))),
            ("boosted trees", out_of_fold(frame, features, lambda: lightgbm.LGBMClassifier(
                n_estimators=200, learning_rate=0.05, verbose=-1, random_state=1))),
        ):
            print(f"  {name:<22} recall {recall_at(frame, score, linked):.4f} at precision {PRECISION}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
