"""The house rules that no other linter knows, for ops/dev/lint.sh: house.py ROOT prints each breach and exits 1 if any.

A source file is ASCII and has at most 300 lines, C++ lines have at most 100 columns and all others 140, headers begin
with #pragma once, no line ends in blanks, C++ holds no SQL, and nobody swallows an exception.
"""
import pathlib
import re
import subprocess
import sys

SOURCES = {".cpp", ".hpp", ".sql", ".sh", ".py", ".js", ".mjs", ".cmake"}
MOST_LINES = 300
# A string that begins like a statement. SQL lives in sql/, where it is reviewed as SQL.
SQL = re.compile(r'"\s*(SELECT\s+[\w*(\'$]|INSERT\s+INTO\b|UPDATE\s+\w+(\.\w+)?\s+SET\b|DELETE\s+FROM\b|MERGE\s+INTO\b'
                 r'|CALL\s+\w|(CREATE|DROP|ALTER)\s+(TABLE|ROLE|POLICY|SCHEMA|DATABASE|INDEX|FUNCTION)\b|TRUNCATE\s+\w'
                 r'|SET\s+(LOCAL|SESSION|ROLE)\b|COPY\s+\w|LISTEN\s+\w|NOTIFY\s+\w)', re.IGNORECASE)
# The files that may hold such a string, and why.
SQL_ALLOWED = {
    "base/pg_transaction.cpp": "the one place that names a transaction's tenant; base knows no folder but itself",
    "ops/role_advice.cpp": "words for the operator; nothing of it is ever run",
}
MADE = {"build", ".cache", ".run", ".git", "node_modules", ".venv", "__pycache__"}
SWALLOWED = re.compile(r"catch\s*\(\s*\.\.\.\s*\)\s*\{\s*\}")


def tracked(root):
    asked = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root, check=False,
                           capture_output=True)
    if asked.returncode != 0:  # a copy without its repository: everything but what ./dev makes
        parts = (path.relative_to(root) for path in root.rglob("*"))
        return [root / name for name in parts if not MADE.intersection(name.parts) and (root / name).is_file()]
    listed = asked.stdout.decode()
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]


def is_source(path):
    return path.suffix in SOURCES or path.name in ("CMakeLists.txt", "dev", "run", "Dockerfile")


def may_hold_sql(path, root):
    name = path.relative_to(root)
    return name.parts[0] in ("tests", "bench") or str(name) in SQL_ALLOWED


def breaches(path, root):
    data = path.read_bytes()
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        yield line, "not ASCII"
        text = data.decode("utf-8", "replace")
    lines = text.split("\n")
    cpp = path.suffix in (".cpp", ".hpp")
    if len(lines) - 1 > MOST_LINES:
        yield len(lines) - 1, f"more than {MOST_LINES} lines; split it by noun"
    if text and not text.endswith("\n"):
        yield len(lines), "no newline at the end"
    if path.suffix == ".hpp" and "#pragma once" not in text:
        yield 1, "no #pragma once"
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield number, "blanks at the end of the line"
        if len(line) > (100 if cpp else 140):
            yield number, f"{len(line)} columns"
        if cpp and not may_hold_sql(path, root) and SQL.search(line):
            yield number, "SQL in C++; it belongs in sql/queries/"
    if cpp and SWALLOWED.search(text):
        yield text[: SWALLOWED.search(text).start()].count("\n") + 1, "an exception is swallowed"


def main():
    root = pathlib.Path(sys.argv[1])
    found = 0
    for path in tracked(root):
        if is_source(path):
            for line, words in breaches(path, root):
                print(f"{path.relative_to(root)}:{line}: {words}")
                found += 1
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
