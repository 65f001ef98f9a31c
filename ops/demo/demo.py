"""./dev demo: sends the recording through HTTP, waits until its rows are there, and shows what happened.

Called by ops/dev/demo.sh with the environment of .run/env; demo.py RECORDING. Exits 1 when a row is missing or too many,
or when the other tenant sees any.
"""
import datetime
import os
import statistics
import sys
import time

import database
import metrics
import recording
import sender

# The default limit is 60 requests a minute: with batches of this size a second demo need not wait for the first.
EVENTS_PER_REQUEST = 150
CONNECTIONS = 4
LONGEST_WAIT_S = 60


def milliseconds(seconds):
    return "-" if seconds is None else f"{seconds * 1000:.1f} ms"


def wait_until(check, what):
    end = time.monotonic() + LONGEST_WAIT_S
    while not check():
        if time.monotonic() > end:
            sys.exit(f"error: {what} within {LONGEST_WAIT_S} s; see ./dev logs nd-writer")
        time.sleep(0.05)


def send(events):
    to = sender.Sender(os.environ["ND_URL"], os.environ["ND_KEY"], CONNECTIONS)
    batches = recording.batches(events, EVENTS_PER_REQUEST)
    start = time.perf_counter()
    answers = to.send_all(batches)
    took = time.perf_counter() - start
    again, _ = to.send(batches[0])
    accepted = sum(answer["accepted"] for answer, _ in answers)
    rejected = [one for answer, _ in answers for one in answer["rejected"]]
    return accepted, rejected, again["accepted"], [seconds for _, seconds in answers], took


def line(name, value):
    print(f"  {name:<52} {value}")


def show_numbers(sent, rows, writer_before, writer_after):
    accepted, rejected, again, latencies, took = sent
    line("accepted (202: Kafka has acknowledged it)", accepted)
    line("rejected", len(rejected))
    for one in rejected[:3]:
        line("  for example", f"{one['code']}: {one['detail']}")
    line("sent again, as after a lost answer", again)
    line("rows in PostgreSQL, new", rows)
    line("duplicates that made no row", int(metrics.grown("nd_writer_duplicates_total", writer_before, writer_after)))
    line(f"requests, over {CONNECTIONS} connections", f"{len(latencies)} in {took:.2f} s")
    line("latency to acknowledgement, p50 / slowest",
         f"{milliseconds(statistics.median(latencies))} / {milliseconds(max(latencies))}")
    freshness = [metrics.quantile("nd_writer_freshness_seconds", share, writer_before, writer_after)
                 for share in (0.5, 0.99)]
    line("freshness (Kafka has it -> durable row), p50 / p99", " / ".join(map(milliseconds, freshness)))


def main():
    tenant, other = os.environ["ND_TENANT"], os.environ["ND_TENANT_B"]
    recorded = recording.read(sys.argv[1])
    events = list(recording.renew(recorded, datetime.datetime.now(datetime.timezone.utc)))
    apps = sorted({event["properties"].get("app", "?") for event in events})
    print(f"\nSending {len(events)} recorded events of {len(apps)} web applications ({', '.join(apps)}),"
          f" {EVENTS_PER_REQUEST} in a request", flush=True)

    writer = os.environ["ND_WRITER_ADMIN_URL"]
    rows_before, writer_before = database.count(tenant, tenant), metrics.read(writer)
    sent = send(events)
    accepted, again = sent[0], sent[2]
    wait_until(lambda: database.count(tenant, tenant) >= rows_before + accepted, "the rows were not there")
    wait_until(lambda: metrics.grown("nd_writer_duplicates_total", writer_before, metrics.read(writer)) >= again,
               "the batch that was sent again was not recognised")
    rows, theirs = database.count(tenant, tenant) - rows_before, database.count(other, tenant)
    show_numbers(sent, rows, writer_before, metrics.read(writer))

    print(f"\nThe newest rows, as their tenant {tenant} sees them:\n")
    print(database.sample(tenant, 6))
    print(f"\nRows of that tenant that the other one, {other}, sees: {theirs}")
    if rows != accepted or theirs != 0:
        sys.exit(f"error: {accepted} accepted but {rows} rows; the other tenant sees {theirs}")


if __name__ == "__main__":
    main()
