#!/usr/bin/env python3
"""Breaks the recording in memory, one promise at a time, and expects check.py to name exactly that promise."""
import contextlib
import copy
import io
import pathlib
import unittest

import check

FOLDER = pathlib.Path(__file__).parent / "recording"
EVENTS = check.read(FOLDER / "events.ndjson.gz")
PAGES = check.read(FOLDER / "pages.ndjson.gz")


def broken(change):
    """The promises that do not hold after change(events, pages), which may alter or return shorter lists."""
    events, pages = copy.deepcopy(EVENTS), copy.deepcopy(PAGES)
    events, pages = change(events, pages) or (events, pages)
    with contextlib.redirect_stdout(io.StringIO()):
        return set(check.check(events, pages).broken)


def with_property(name, value):
    def change(events, pages):
        events[7]["properties"][name] = value
    return change


class CheckTest(unittest.TestCase):
    def test_the_committed_recording_is_as_promised(self):
        self.assertEqual(broken(lambda events, pages: None), set())

    def test_too_few_events_are_noticed(self):
        self.assertIn("at least 3000 events", broken(lambda events, pages: (events[:2999], pages)))

    def test_too_few_pages_are_noticed(self):
        self.assertIn("at least 40 page structures", broken(lambda events, pages: (events, pages[:39])))

    def test_a_value_among_the_properties_is_noticed(self):
        self.assertIn("properties say nothing but what is documented", broken(with_property("value", "x")))

    def test_a_printed_character_is_noticed(self):
        self.assertIn("a key prints nothing", broken(with_property("key", "a")))

    def test_a_typed_word_is_noticed_wherever_it_turns_up(self):
        self.assertIn("nothing typed comes back", broken(with_property("element", "Draft of zqbado")))

    def test_a_value_in_a_state_is_noticed(self):
        self.assertIn("a state is no value", broken(with_property("state", {"valuetext": "x"})))

    def test_text_of_a_paragraph_is_noticed(self):
        def change(events, pages):
            pages[0]["elements"][0].update(role="paragraph", name="text")
        self.assertIn("content has no text", broken(change))

    def test_an_application_with_few_routes_is_noticed(self):
        app = EVENTS[0]["properties"]["app"]

        def change(events, pages):
            for event in events:
                if event["properties"]["app"] == app:
                    event["page"] = "/"
        self.assertIn(f"{app} has at least 10 routes", broken(change))

    def test_an_application_with_one_session_is_noticed(self):
        app = EVENTS[0]["properties"]["app"]
        only = EVENTS[0]["session_id"]

        def change(events, pages):
            return [event for event in events
                    if event["properties"]["app"] != app or event["session_id"] == only], pages
        self.assertIn(f"{app} has at least 2 sessions", broken(change))

    def test_two_applications_are_too_few(self):
        app = EVENTS[0]["properties"]["app"]
        self.assertIn("at least 3 applications", broken(
            lambda events, pages: ([event for event in events if event["properties"]["app"] != app], pages)))


if __name__ == "__main__":
    unittest.main()
