#!/usr/bin/env bash
# Accuracy and time on invented sets of other seeds and sizes: benches/seeds.sh [RESIDENTS RECORDS] SEED…
set -euo pipefail
cd "$(dirname "$0")/.."
residents="${1:-50000}"; records="${2:-10000}"; shift $(( $# > 2 ? 2 : $# ))
milaan="${MILAAN:-cargo run -q --release --}"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
for seed in "${@:-7}"; do
    $milaan synth "$work/$seed" --programme people-hub --residents "$residents" --records "$records" --seed "$seed" >/dev/null 2>&1
    $milaan run pipelines/people-hub --data "$work/$seed" --out "$work/out" --progress none >/dev/null 2>&1
    $milaan eval "$work/out/latest" "$work/$seed/truth.csv" --json | python3 -c "
import json, sys
judged, receipt = json.load(sys.stdin), json.load(open('$work/out/latest/receipt.json'))
a = judged['accepted']
wall = sum(stage['wall_s'] for stage in receipt['stages'])
print(f'seed $seed, $residents x $records: precision {a[\"precision\"]:.5f} recall {a[\"recall\"]:.5f} f1 {a[\"f1\"]:.5f}, {wall:.1f} s, peak {receipt[\"peak_memory_bytes\"]/2**20:.0f} MB')"
done
