# The same recipes for people and for CI. `just --list` shows them.

# Everything CI checks, but the tests.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# All tests: units, properties, end to end, command line, SQL, layers, tidiness.
test:
    cargo test --workspace

# The sqllogictest files alone.
slt:
    cargo test -p milaan-tests -- slt::

# Layers and tidiness alone.
layers:
    cargo test -p milaan-tests -- layers::
    cargo test -p milaan-tests -- tidy::

# How well names are told apart, against Jaro–Winkler, Soundex and Double Metaphone; `just names --freeze` after a change.
names *args:
    cargo run --release -q -p milaan-kernels --example names -- {{args}}

# How many people spell Telugu and Hindi words as our romanising does (needs ../shared).
romanisation *args:
    cargo run --release -q -p milaan-kernels --example romanisation -- {{args}}

# Names, dates and ids a second, one core.
bench-kernels:
    cargo bench -p milaan-kernels

# The link stage alone on a run's stages, the same bytes with each THREADS MEMORY_MB: `just bench-link PIPELINE RUN 2 4096 8 512`.
bench-link *args:
    cargo bench -p milaan-cli --bench operator -- {{args}}

# Blocking keys alone as registries grow: pairs a record by rule, over-full blocks, bytes, time: `just bench-keys PIPELINE RUN…`.
bench-keys *args:
    cargo bench -p milaan-cli --bench keys -- {{args}}

# Accept what the tests now give: SQL results and snapshots.
bless:
    MILAAN_BLESS=1 INSTA_UPDATE=always cargo test -p milaan-tests

# The samples, made again by their seed.
sample-data:
    cargo run --release -- synth sample-data/people-hub --programme people-hub --residents 5000 --records 4000 --seed 1 --rates sample
    cargo run --release -- synth sample-data/ehsaas --programme ehsaas --residents 5000 --records 2500 --seed 1 --rates sample

# The main job on the sample, and its judgement.
sample:
    cargo run --release -- run pipelines/people-hub
    cargo run --release -- eval out/latest sample-data/people-hub/truth.csv

# Generated pages of docs/.
docs:
    MILAAN_BLESS=1 cargo test -p milaan-tests -- docs::

# What both samples publish, held to the standards' JSON Schemas (needs ../shared; own schemas alone without it).
standards:
    cargo run --release -- run pipelines/people-hub --out target/standards/people-hub
    cargo run --release -- run pipelines/ehsaas --out target/standards/ehsaas
    cargo run --manifest-path tests/standards/Cargo.toml --target-dir target/standards-tool -- ../shared/standards target/standards/people-hub/latest target/standards/ehsaas/latest

# Open what the sample's run publishes with DuckDB, pandas, Polars, openpyxl and LibreOffice, in an environment of its own.
consumers:
    benches/consumers.sh

# Accuracy and speed on larger invented sets, other seeds; the operator beside its SQL twin and strsim.
bench:
    python3 benches/growth.py --millions 0.05 --share 0.2 --seeds 7,8
    cargo bench -p milaan-cli --bench pairs

# What grows with the registry: time, memory, pairs, accuracy at four sizes. Some 40 GB of disk for the largest.
bench-growth *options:
    python3 benches/growth.py --millions 0.25,1,4,16 {{options}}

# A whole state: 5 crore residents, 64 lakh records. Hours, and some 50 GB of disk below $MILAAN_BENCH_DIR.
bench-state *options:
    python3 benches/growth.py --millions 50 --share 0.128 --hours 6 {{options}}

# Milaan beside Splink (linking) and DuckDB, polars, pyarrow, fastexcel, calamine (landing), on the same files: ratios and F1.
bench-peers *options:
    python3 benches/peers.py {{options}}

# The readers and the fuzz targets of fuzz/, compiled and run on a few bytes.
fuzz:
    cargo test --manifest-path fuzz/Cargo.toml --target-dir "${CARGO_TARGET_DIR:-target}/fuzz"

# The landing part of bench-peers alone; `--landing-rows`, `--xlsx-rows` and `--repeat` as there.
bench-landing *options:
    python3 benches/peers.py --only landing {{options}}

# Licences, advisories, duplicate arrow (needs cargo-deny).
deny:
    cargo deny check
