#!/usr/bin/env python3
"""Holds the committed recording to what README.md promises; exits 1 and names each promise that is broken.

Reads recording/events.ndjson.gz and recording/pages.ndjson.gz (or the folder given as the only argument).
Standard library only, no network, a few seconds.
"""
import collections
import gzip
import json
import pathlib
import re
import sys
import uuid

LEAST_EVENTS, LEAST_PAGES, LEAST_APPS = 3000, 40, 3
LEAST_ROUTES, LEAST_NAMES, LEAST_SESSIONS = 10, 60, 2

EVENT_MEMBERS = {"event_id", "name", "occurred_at", "session_id", "user_id", "page", "properties"}
PAGE_MEMBERS = {"page", "title", "captured_at", "session_id", "app", "elements"}
ELEMENT_MEMBERS = {"ref", "role", "name", "state", "parent", "section"}
# Everything that an event may say. A value, a typed text or its length has no place here.
PROPERTIES = {
    "app", "role", "element", "state", "section", "tag", "id", "at", "trigger", "input_type", "key",
    "dwell_ms", "onto", "distance", "depth", "how", "width", "height", "from", "stayed_ms", "action",
}
STATES = {
    "checked", "disabled", "expanded", "focused", "pressed", "selected", "required", "readonly", "invalid",
    "level", "modal", "hasPopup", "haspopup", "multiselectable", "orientation", "current",
}
EVENT_NAMES = {
    "element_clicked", "element_double_clicked", "element_hovered", "element_focused", "element_blurred",
    "element_dragged", "input_changed", "key_pressed", "page_viewed", "page_scrolled", "form_submitted",
    "dialog_opened", "context_menu_opened", "clipboard_used",
}
# Roles whose name would be somebody's text.
CONTENT_ROLES = {"statictext", "inlinetextbox", "paragraph", "cell", "gridcell", "row", "listitem", "code",
                 "blockquote", "article", "log", "status", "alert", "definition", "term", "note"}
# A key is a name of two characters or more, or a chord; a printed character alone would be typed text.
KEY = re.compile(r"((ctrl|alt|meta|shift)\+)*([A-Z][A-Za-z0-9]+)|((ctrl|alt|meta)\+)+(shift\+)?(.|Shift\+.)")
TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
# The driver types only words that begin so (random.js); none may come back.
TYPED = re.compile(r"zq", re.IGNORECASE)
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}")
MACHINE = re.compile(r"/tmp/|/root/|/home/|127\.0\.0\.1:\d")


class Verdict:
    """Collects broken promises: at most a few of each kind, with the first places."""

    def __init__(self):
        self.broken = collections.Counter()
        self.first = {}

    def hold(self, true, promise, place=""):
        if not true:
            self.broken[promise] += 1
            self.first.setdefault(promise, place)


def read(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def check_event(verdict, n, event):
    place = f"event {n}"
    verdict.hold(set(event) == EVENT_MEMBERS, "an event has exactly the members of the contract", place)
    verdict.hold(event["name"] in EVENT_NAMES, "event names are the documented ones", f"{place}: {event['name']}")
    verdict.hold(str(uuid.UUID(event["event_id"])) == event["event_id"], "event_id is a UUID", place)
    verdict.hold(TIME.fullmatch(event["occurred_at"]), "occurred_at is RFC 3339 in UTC", place)
    for member, most in (("name", 200), ("session_id", 256), ("user_id", 256), ("page", 2048)):
        verdict.hold(0 < len(event[member].encode()) <= most, f"{member} keeps its limit", place)
    verdict.hold(event["page"].startswith("/"), "page is a route", place)
    properties = event["properties"]
    extra = set(properties) - PROPERTIES
    verdict.hold(not extra, "properties say nothing but what is documented", f"{place}: {sorted(extra)}")
    verdict.hold({"app", "role", "element"} <= set(properties), "an event has app, role and element", place)
    extra = set(properties.get("state", {})) - STATES
    verdict.hold(not extra, "a state is no value", f"{place}: {sorted(extra)}")
    verdict.hold(properties["role"] not in CONTENT_ROLES or properties["element"] == "",
                 "content has no text", f"{place}: {properties['role']}")
    key = properties.get("key")
    verdict.hold(key is None or KEY.fullmatch(key), "a key prints nothing", f"{place}: {key}")


def check_page(verdict, n, page):
    place = f"page {n}"
    verdict.hold(set(page) == PAGE_MEMBERS, "a page has exactly the documented members", place)
    verdict.hold(TIME.fullmatch(page["captured_at"]), "captured_at is RFC 3339 in UTC", place)
    verdict.hold(len(page["elements"]) >= 5, "a page structure has elements", place)
    for ref, element in enumerate(page["elements"], 1):
        where = f"{place}, element {ref}"
        verdict.hold(set(element) == ELEMENT_MEMBERS, "an element has exactly the documented members", where)
        verdict.hold(element["ref"] == ref, "refs count from 1", where)
        verdict.hold(0 <= element["parent"] < ref, "a parent comes before its children", where)
        verdict.hold(not set(element["state"]) - STATES, "a state is no value", where)
        verdict.hold(element["role"] not in CONTENT_ROLES or element["name"] == "",
                     "content has no text", f"{where}: {element['role']}")


def check_app(verdict, app, events, pages):
    routes = {event["page"] for event in events}
    names = {event["properties"]["element"] for event in events
             if event["name"] != "page_viewed" and event["properties"]["element"]}
    sessions = {event["session_id"] for event in events}
    for what, found, least in (("routes", routes, LEAST_ROUTES), ("element names", names, LEAST_NAMES),
                               ("sessions", sessions, LEAST_SESSIONS)):
        verdict.hold(len(found) >= least, f"{app} has at least {least} {what}", f"{len(found)}")
    verdict.hold({page["session_id"] for page in pages} == sessions, f"{app}: each session took pages")
    users = {(event["session_id"], event["user_id"]) for event in events}
    verdict.hold(len(users) == len(sessions), f"{app}: a session is one person")
    print(f"{app}: {len(events)} events, {len(pages)} page structures, {len(routes)} routes, "
          f"{len(names)} element names, {len(sessions)} sessions")


def check(events, pages):
    verdict = Verdict()
    verdict.hold(len(events) >= LEAST_EVENTS, f"at least {LEAST_EVENTS} events", len(events))
    verdict.hold(len(pages) >= LEAST_PAGES, f"at least {LEAST_PAGES} page structures", len(pages))
    for n, event in enumerate(events, 1):
        check_event(verdict, n, event)
    for n, page in enumerate(pages, 1):
        check_page(verdict, n, page)
    for kind, records in (("event", events), ("page", pages)):
        for n, record in enumerate(records, 1):
            text = json.dumps(record, ensure_ascii=False)
            verdict.hold(not TYPED.search(text), "nothing typed comes back", f"{kind} {n}")
            verdict.hold(not MAIL.search(text), "nothing names a person's mail address", f"{kind} {n}")
            verdict.hold(not MACHINE.search(text), "nothing names a machine", f"{kind} {n}")
            verdict.hold(len(text.encode()) <= (32 << 10 if kind == "event" else 1 << 20), f"{kind} size", f"{kind} {n}")
    times = [event["occurred_at"] for event in events]
    verdict.hold(times == sorted(times), "events are in the order of time")
    verdict.hold(len({event["event_id"] for event in events}) == len(events), "event ids are distinct")
    apps = sorted({event["properties"]["app"] for event in events})
    verdict.hold(len(apps) >= LEAST_APPS, f"at least {LEAST_APPS} applications", len(apps))
    for app in apps:
        check_app(verdict, app, [event for event in events if event["properties"]["app"] == app],
                  [page for page in pages if page["app"] == app])
    return verdict


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "recording"
    events, pages = read(folder / "events.ndjson.gz"), read(folder / "pages.ndjson.gz")
    verdict = check(events, pages)
    for promise, times in verdict.broken.items():
        print(f"BROKEN: {promise}: {times} times, first: {verdict.first[promise]}", file=sys.stderr)
    print(f"{len(events)} events, {len(pages)} page structures: " + ("BROKEN" if verdict.broken else "as promised"))
    return 1 if verdict.broken else 0


if __name__ == "__main__":
    sys.exit(main())
