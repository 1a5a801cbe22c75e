#!/usr/bin/env python3
"""Samples the second half of names.csv from ../shared/data: seeded, by mechanical rules that know nothing of our kernels.

Run once, before any tuning, on 22 November; its output is frozen in names.csv (origin `sampled`). Run again it prints the
same rows: python3 tests/truth/sample_names.py ../shared/data

Who is who is said by the sources, not by us: two spellings of one Devanagari or Telugu word are one name; a man's name and
a woman's are two people; so are words whose consonants differ in their own script by more than breath or place of tongue.
"""

import csv
import json
import random
import sys
from pathlib import Path

SEED = 20261122
FOLDED = str.maketrans({  # consonants of Devanagari and, by the same offsets, Telugu: what romanisation does not tell apart
    "ख": "क", "घ": "ग", "छ": "च", "झ": "ज", "ञ": "न", "ङ": "न", "ण": "न", "ठ": "ट", "ड": "ट", "ढ": "ट", "त": "ट",
    "थ": "ट", "द": "ट", "ध": "ट", "फ": "प", "भ": "ब", "श": "स", "ष": "स", "व": "ब", "ळ": "ल", "म": "न",
})


def jaro_winkler(a, b):
    window = max(max(len(a), len(b)) // 2 - 1, 0)
    used, met = [False] * len(b), []
    for i, letter in enumerate(a):
        for j in range(max(0, i - window), min(len(b), i + window + 1)):
            if not used[j] and b[j] == letter:
                used[j] = True
                met.append((i, j))
                break
    if not met:
        return 0.0
    left, right = [a[i] for i, _ in met], [b[j] for j in sorted(j for _, j in met)]
    swapped = sum(x != y for x, y in zip(left, right)) / 2
    jaro = (len(met) / len(a) + len(met) / len(b) + (len(met) - swapped) / len(met)) / 3
    prefix = next((i for i, (x, y) in enumerate(zip(a[:4], b[:4])) if x != y), min(4, len(a), len(b)))
    return jaro + prefix * 0.1 * (1 - jaro)


def skeleton(native):
    """Folded consonants of a native word, doubles single."""
    found = []
    for c in native:
        code = ord(c)
        if 0xC00 <= code < 0xC80:
            c = chr(code - 0x300)
        if 0x915 <= ord(c) <= 0x939 and c not in "यह":
            folded = c.translate(FOLDED)
            if not found or found[-1] != folded:
                found.append(folded)
        elif ord(c) in (0x901, 0x902):
            found.append("न")
    return "".join(found)


def plain(latin):
    """Crude reading of a Latin spelling, to leave out pairs a list marks wrongly."""
    text = latin.lower().replace("ee", "i").replace("oo", "u").replace("y", "i").replace("h", "")
    return "".join(c for i, c in enumerate(text) if i == 0 or c != text[i - 1])


def words(path, native, latin):
    rows = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        rows.setdefault(cells[native], []).append((cells[latin].lower(), int(cells[2])))
    return rows


def near_misses(rng, left, right, different, floor, count):
    """Pairs with a high Jaro-Winkler that `different` calls two people, each name once."""
    by_start = {}
    for name in right:
        by_start.setdefault(name[0][:2], []).append(name)
    found, seen = [], set()
    left = sorted(left)
    rng.shuffle(left)
    for a in left:
        near = [b for b in by_start.get(a[0][:2], []) if b[0] not in seen and b[0] != a[0]
                and min(len(a[0]), len(b[0])) >= 4 and jaro_winkler(a[0], b[0]) >= floor and different(a, b)]
        if near and a[0] not in seen:
            b = rng.choice(sorted(near))
            seen |= {a[0], b[0]}
            found.append((a[0], b[0]))
            if len(found) == count:
                break
    return found


def main(data):
    rng = random.Random(SEED)
    rows = []

    def add(pairs, same, kind, language, script, source):
        rows.extend((a, b, same, kind, language, script, source) for a, b in pairs)

    with open(data / "cmu-indian-names/names.tsv", encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    first = next(i for i, cells in enumerate(lines) if cells[0] == "english") + 1
    cmu = [(cells[0], cells[1]) for cells in lines[first:]
           if len(cells) == 2 and cells[0].isalpha() and cells[0].isascii() and len(cells[0]) >= 4]
    add(rng.sample(cmu, 35), "yes", "native", "hi", "mixed", "cmu-indian-names")
    spelled = {}
    for english, hindi in cmu:
        spelled.setdefault(hindi, set()).add(english.lower())
    several = sorted((sorted(group) for group in spelled.values() if len(group) > 1))
    add([tuple(rng.sample(group, 2)) for group in rng.sample(several, 30)],
        "yes", "spelling", "hi", "latin", "cmu-indian-names")
    composed = [rng.sample(cmu, 2) for _ in range(15)]
    add([(f"{a[0]} {b[0]}", f"{b[1]} {a[1]}") for a, b in composed],
        "yes", "order", "hi", "mixed", "cmu-indian-names")

    telugu = words(data / "dakshina-te-train-dev/te.translit.sampled.train.tsv", 0, 1)
    attested = sorted((latin, native) for native, group in telugu.items() for latin, count in group
                      if count >= 2 and len(latin) >= 5)
    add(rng.sample(attested, 25), "yes", "native", "te", "mixed", "dakshina-te")
    pairs = sorted(tuple(sorted(latin for latin, _ in group)[:2]) for group in telugu.values()
                   if len(group) > 1 and min(len(latin) for latin, _ in group) >= 5)
    add(rng.sample(pairs, 20), "yes", "spelling", "te", "latin", "dakshina-te")

    by_gender = {"M": set(), "F": set()}
    with open(data / "pakistani-names-gender/first_names.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = row["name"].strip().lower()
            if name.isalpha() and name.isascii() and row["gender"] in by_gender:
                by_gender[row["gender"]].add((name,))
    both = {plain(a[0]) for a in by_gender["M"]} & {plain(a[0]) for a in by_gender["F"]}
    sexes = lambda a, b: plain(a[0]) not in both and plain(b[0]) not in both
    add(near_misses(rng, by_gender["M"], by_gender["F"], sexes, 0.88, 35),
        "no", "gender", "ur", "latin", "pakistani-names-gender")

    names = {"male": set(), "female": set()}

    def collect(node):
        if isinstance(node, dict):
            if isinstance(node.get("name"), str) and node.get("gender") in names:
                name = node["name"].strip().lower()
                if name.isalpha() and name.isascii():
                    names[node["gender"]].add((name,))
            for child in node.values():
                collect(child)
        elif isinstance(node, list):
            for child in node:
                collect(child)

    collect(json.loads((data / "indian-names-demographic/names_data.json").read_text(encoding="utf-8")))
    both = {plain(a[0]) for a in names["male"]} & {plain(a[0]) for a in names["female"]}
    add(near_misses(rng, names["male"], names["female"], sexes, 0.88, 25),
        "no", "gender", "hi", "latin", "indian-names-demographic")

    apart = lambda a, b: skeleton(a[1]) != skeleton(b[1])
    lower = {(english.lower(), hindi) for english, hindi in cmu}
    add(near_misses(rng, lower, sorted(lower), apart, 0.86, 25),
        "no", "sound_alike", "hi", "latin", "cmu-indian-names")
    add(near_misses(rng, rng.sample(attested, 4000), attested, apart, 0.88, 20),
        "no", "sound_alike", "te", "latin", "dakshina-te")

    out = csv.writer(sys.stdout, lineterminator="\n")
    for row in rows:
        out.writerow((*row[:6], f"sampled:{row[6]}"))


main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
