"""How right a run's pairs are, judged as splink_link.py judges its own: one resident per record, the one of highest weight.

usage: peers_score.py RUN TRUTH_CSV FLAT_TRUTH      (needs duckdb; JSON on stdout)
"""
import json, sys
import duckdb

run, truth, flat = sys.argv[1:]
con = duckdb.connect()
con.execute("set threads = 2")
rows = lambda sql: con.execute(sql).fetchall()
con.execute(f"""create table truth as select source_id, file, coalesce(sheet, '') as sheet, row::bigint as row, resident_ref
    from read_csv('{truth}', header = true, all_varchar = true)""")
con.execute(f"""create table best as
    with ranked as (select *, row_number() over (partition by source_id, record_id order by match_weight desc, resident_ref) as place
        from read_parquet('{run}/stages/pairs/*.parquet')),
    first as (select * from ranked where place = 1),
    records as (select source_id, record_id, file, coalesce(sheet, '') as sheet, row::bigint as row
        from read_parquet('{run}/stages/records/*.parquet'))
    select match_weight, match_probability, coalesce(f.resident_ref = t.resident_ref, false) as hit
    from first f join records using (source_id, record_id) join truth t using (source_id, file, sheet, row)""")
linked = rows("select count(resident_ref) from truth")[0][0]


def score(right, proposed, at):
    return [right / max(proposed, 1), right / max(linked, 1), 2 * right / max(proposed + linked, 1), at]


same = []
for p in (0.5, 0.9, 0.95, 0.99, 0.999):
    right, proposed = rows(f"select count(*) filter (hit), count(*) from best where match_probability >= {p}")[0]
    same.append(score(right, proposed, f"p >= {p}"))
# Every weight that occurs as the threshold; pairs of equal weight are proposed together.
swept = [score(right, proposed, f"weight >= {weight:.2f}") for weight, right, proposed in rows("""
    select distinct match_weight, count(*) filter (hit) over down, count(*) over down from best
    window down as (order by match_weight desc range between unbounded preceding and current row)""")]
by_f1 = lambda one: one[2]
nothing = score(0, 0, "no pairs")
print(json.dumps({"linked": linked, "linked_flat": rows(f"select count(reg_id) from '{flat}'")[0][0],
                  "same": max(same, key=by_f1), "swept": max(swept, key=by_f1, default=nothing)}, default=float))
