"""What schemathesis must know of this API beyond its description.

- Every second receipt is one that the program itself gave out, in $ND_API_RECEIPT; the others are forged.
- A time is acceptable when it is a real one and not in the future, which no pattern can say, and `origin` is a format of ours.
- A body is sent in the coding that its Content-Encoding names.
- How many requests each operation really got is written to $ND_API_CALLS, for openapi_test.cpp to judge.
- A batch may hold right and wrong events: then 202 must name exactly the wrong ones. Everything else that is wrong is refused,
  and that is schemathesis's own negative_data_rejection, called from here.
"""
import atexit
import collections
import datetime
import gzip
import json
import os
import pathlib
import subprocess

import schemathesis
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator
from schemathesis.specs.openapi.checks import negative_data_rejection

NOW = datetime.datetime.now()
CALLS = collections.Counter()


@schemathesis.hook
def after_call(context, case, response):
    CALLS[f"{case.operation.method.upper()} {case.operation.path}"] += 1


atexit.register(lambda: pathlib.Path(os.environ["ND_API_CALLS"]).write_text(json.dumps(CALLS), encoding="ascii"))


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    token = (path_parameters or {}).get("token")
    if token is not None and len(token) % 2 == 0:
        path_parameters["token"] = os.environ["ND_API_RECEIPT"]
    return path_parameters


@st.composite
def event_times(draw):
    moment = draw(st.datetimes(datetime.datetime(2000, 1, 2), NOW - datetime.timedelta(days=1)))
    fraction = draw(st.one_of(st.just(""), st.from_regex(r"\A\.[0-9]{1,9}\Z")))
    zone = draw(st.one_of(st.just("Z"), st.from_regex(r"\A[+-](0[0-9]|1[0-5]):[0-5][0-9]\Z")))
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + fraction + zone


schemathesis.openapi.format("date-time", event_times())
schemathesis.openapi.format("origin", st.from_regex(r"\Ahttps?://[a-z0-9]{1,9}(\.[a-z]{2,5})?(:[1-9][0-9]{0,3})?\Z"))


@schemathesis.serializer("application/json")
def as_its_coding_says(context, value):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    coding = (context.case.headers or {}).get("Content-Encoding")
    if coding == "gzip":
        body = gzip.compress(body)
    if coding == "zstd":
        body = subprocess.run(["zstd", "-q", "-c"], input=body, stdout=subprocess.PIPE, check=True).stdout
    return body


def is_wrong(event, schema):
    rules = {"$ref": "#/components/schemas/event", "components": schema.raw_schema["components"]}
    return not Draft202012Validator(rules).is_valid(event)


def wrong_events(case):
    events = case.body.get("events") if isinstance(case.body, dict) else None
    if not isinstance(events, list) or set(case.body) != {"events"}:
        return []
    return [index for index, event in enumerate(events) if is_wrong(event, case.operation.schema)]


@schemathesis.check
def wrong_data_is_refused_or_named(context, response, case):
    wrong = wrong_events(case) if response.status_code in (200, 202) else []
    if not wrong:
        negative_data_rejection(context, response, case)
        return
    answer = response.json()
    named = [rejection["index"] for rejection in answer["rejected"]]
    unnamed = [index for index in wrong if index not in named]
    assert not unnamed, f"events {unnamed} break the schema and were accepted"
    assert answer["accepted"] + len(named) == len(case.body["events"]), "an event is neither accepted nor rejected"
