"""Adds up what ctest ran, for ops/dev/test.sh.

totals.py JUNIT BUILD PRESET    prints one tab-separated line per test program: preset, label, name, passed, failed,
                                skipped, seconds; cases are doctest's, and a test that is no doctest counts as one
totals.py --labels BUILD ARGS   prints the labels of the tests that ctest would run with ARGS
totals.py --sum FILE TIME       prints the table of such lines, and "N passed, N failed, N skipped" as the last line
"""
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as xml

CASES = re.compile(r"\[doctest\] test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed(?: \|\s*(\d+) skipped)?")


def labels_of(build, *args):
    shown = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1", *args], check=True, capture_output=True)
    labels = {}
    for test in json.loads(shown.stdout)["tests"]:
        for setting in test.get("properties", []):
            if setting["name"] == "LABELS":
                labels[test["name"]] = " ".join(setting["value"])
    return labels


def cases_of(test):
    found = CASES.search(test.findtext("system-out") or "")
    passed, failed, skipped = (int(n or 0) for n in found.groups()) if found else (0, 0, 0)
    fine = test.get("status") == "run"
    if test.get("status") in ("notrun", "disabled"):
        skipped = max(skipped, 1)
    elif fine and passed + failed == 0:
        passed = 1
    elif not fine and failed == 0:  # it crashed, hung or never got to its cases
        failed = 1
    return passed, failed, skipped


def lines(junit, build, preset):
    labels = labels_of(build)
    for test in xml.parse(junit).getroot().iter("testcase"):
        name = test.get("name")
        yield preset, labels.get(name, "-"), name, *cases_of(test), test.get("time")


def summary(path, took):
    sums = {}
    with open(path, encoding="utf-8") as stored:
        for line in stored:
            preset, label, _, passed, failed, skipped, seconds = line.rstrip("\n").split("\t")
            row = sums.setdefault((preset, label), [0, 0, 0, 0, 0.0])
            for place, value in enumerate((1, int(passed), int(failed), int(skipped), float(seconds or 0))):
                row[place] += value
    print(f"\n{'preset':9}{'label':12}{'programs':>9}{'passed':>9}{'failed':>9}{'skipped':>9}{'seconds':>9}")
    for (preset, label), row in sums.items():
        print(f"{preset:9}{label:12}{row[0]:9}{row[1]:9}{row[2]:9}{row[3]:9}{row[4]:9.1f}")
    passed, failed, skipped = (sum(row[place] for row in sums.values()) for place in (1, 2, 3))
    print(f"\nall of it took {took}\n{passed} passed, {failed} failed, {skipped} skipped")


def main():
    if sys.argv[1] == "--sum":
        summary(*sys.argv[2:])
        return
    if sys.argv[1] == "--labels":
        print(*sorted({label for labels in labels_of(*sys.argv[2:]).values() for label in labels.split()}), sep="\n")
        return
    for line in lines(*sys.argv[1:]):
        print(*line, sep="\t")


if __name__ == "__main__":
    main()
