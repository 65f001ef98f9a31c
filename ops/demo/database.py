"""Asks the database through psql, as the role that only reads and only through policies."""
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent


def ask(script, *options, **variables):
    given = [f"--set={name}={value}" for name, value in variables.items()]
    done = subprocess.run(["psql", "-X", "--set=ON_ERROR_STOP=1", *options, *given, "-f", str(HERE / script),
                           os.environ["ND_READER_DATABASE_URL"]], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"psql -f {script}: {done.stderr.strip()}")
    return done.stdout.rstrip("\n")


def count(tenant, whose):
    """The rows of `whose` that `tenant` can see."""
    return int(ask("count.sql", "-At", tenant=tenant, whose=whose))


def sample(tenant, rows):
    return ask("rows.sql", "-P", "footer=off", tenant=tenant, rows=rows)
