"""The house rules hold for the tree, and house.py would say so if they did not: each rule against a planted breach."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOUSE = ROOT / "ops/dev/house.py"

# Each of these in C++ outside of sql/, tests/ and bench/ is a breach; joined here so that no linter meets them as such.
STATEMENTS = ["SELECT * FROM nd.events", "select event_id from nd.events", "INSERT INTO t VALUES (1)", "update nd.keys set a = 1",
              "DELETE FROM nd.events", "CALL nd.store_events()", "TRUNCATE nd.events", "SET LOCAL ROLE x", "COPY t FROM stdin",
              "drop table t", "alter role x", "create policy p on t", "merge into t", "LISTEN nd_keys", "  select count(*)"]


def judge(files, repository=True):
    """What house.py says of a tree of these files, and its exit status."""
    with tempfile.TemporaryDirectory() as made:
        root = pathlib.Path(made)
        if repository:
            subprocess.run(["git", "init", "-q", made], check=True)
        for name, data in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        done = subprocess.run([sys.executable, HOUSE, made], check=False, capture_output=True, text=True)
        return done.stdout, done.returncode


class House(unittest.TestCase):
    def refused(self, name, data, words):
        said, status = judge({name: data})
        self.assertEqual(status, 1, (name, data, said))
        self.assertIn(words, said)
        self.assertTrue(said.startswith(name + ":"), said)

    def taken(self, name, data):
        self.assertEqual(judge({name: data}), ("", 0), (name, data))

    def test_the_tree_keeps_the_rules(self):
        done = subprocess.run([sys.executable, HOUSE, ROOT], check=False, capture_output=True, text=True)
        self.assertEqual((done.stdout, done.returncode), ("", 0), done.stderr)

    def test_sql_text_in_cpp_is_found_wherever_programs_are_made_of(self):
        for folder in ("base", "ingest", "workers", "ops", "schema"):
            for ending in ("cpp", "hpp"):
                self.refused(f"{folder}/a.{ending}", '#pragma once\nauto q = "SELECT 1";\n', "SQL in C++")
        for statement in STATEMENTS:
            self.refused("workers/a.cpp", f'const char* q = "{statement}";\n', "SQL in C++")

    def test_sql_text_is_fine_in_tests_and_in_files_of_sql(self):
        self.taken("tests/a.cpp", 'const char* q = "SELECT 1";\n')
        self.taken("sql/queries/a.sql", "SELECT 1\n")
        self.taken("ops/a.cpp", 'say("selected rows: update the settings and call again");\n')

    def test_a_copy_without_its_repository_is_judged_too(self):
        files = {"base/a.cpp": "int a; \n", "build/dev/b.cpp": "int b; \n"}
        self.assertEqual(judge(files, repository=False), ("base/a.cpp:1: blanks at the end of the line\n", 1))

    def test_every_other_rule_meets_its_breach(self):
        self.refused("base/a.cpp", "// caf\u00e9\n", "not ASCII")
        self.refused("base/a.cpp", "\n" * 301, "more than 300 lines")
        self.refused("base/a.cpp", "int a;", "no newline at the end")
        self.refused("base/a.hpp", "int a;\n", "no #pragma once")
        self.refused("base/a.cpp", "int a; \n", "blanks at the end")
        self.refused("base/a.cpp", "//" + "x" * 99 + "\n", "101 columns")
        self.refused("ops/dev/a.sh", "#" + "x" * 140 + "\n", "141 columns")
        self.refused("base/a.cpp", "try { a(); } catch (...) {\n}\n", "an exception is swallowed")
        self.taken("base/a.cpp", "//" + "x" * 98 + "\n" * 300)


if __name__ == "__main__":
    unittest.main()
