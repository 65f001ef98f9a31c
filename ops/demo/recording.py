"""The recording of tests/record as events that could have happened just now: fresh ids, times moved to end at this moment."""
import datetime
import gzip
import json
import uuid


def read(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def parse_time(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def renew(events, now):
    """The same clicks in the same order and rhythm; the last of them happened at `now`."""
    shift = now - max(parse_time(event["occurred_at"]) for event in events)
    for event in events:
        occurred = parse_time(event["occurred_at"]) + shift
        yield {**event, "event_id": str(uuid.uuid4()), "occurred_at": occurred.isoformat(timespec="microseconds")}


def batches(events, size):
    return [events[at:at + size] for at in range(0, len(events), size)]
