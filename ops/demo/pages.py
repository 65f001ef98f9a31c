"""./dev demo, second part: the recorded page structures go in, what the stand-in for the model says about them comes out.

Called by ops/dev/demo.sh with the environment of .run/env; pages.py RECORDING. Exits 1 when a page is missing or not enriched, or
when the other tenant sees any.
"""
import http.client
import json
import os
import subprocess
import sys
import time
import urllib.parse

import metrics
import recording

LONGEST_WAIT_S = 90
SHOWN = ("page", "title", "captured_at", "session_id", "elements")


def ndctl(*words):
    done = subprocess.run(["ndctl", *words, "--json"], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"error: ndctl {' '.join(words)}: {done.stderr.strip()}")
    return json.loads(done.stdout)


class Api:
    def __init__(self, key):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(os.environ["ND_URL"]).netloc, timeout=30)
        self.key = key

    def ask(self, method, path, body=None):
        self.connection.request(method, path, body, {"X-ND-Key": self.key, "Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None

    def send(self, page):
        body = json.dumps({name: page[name] for name in SHOWN if name in page}).encode()
        for _ in range(20):
            status, answer = self.ask("POST", "/v1/schema", body)
            if status == 202:
                return answer["fingerprint"]
            if status not in (429, 503):
                sys.exit(f"error: POST /v1/schema answered {status}: {answer}")
            time.sleep(1)
        sys.exit("error: POST /v1/schema did not take a page in 20 tries")


def line(name, value):
    print(f"  {name:<52} {value}")


def wait_until_enriched(tenant):
    """How far it is by then. Versions of pages that only one session has seen are not asked about."""
    end = time.monotonic() + LONGEST_WAIT_S
    quiet = 0
    while time.monotonic() < end:
        mine = [one for one in ndctl("schema", "list")["tenants"] if one["tenant_id"] == tenant]
        quiet = quiet + 1 if mine and mine[0]["queued"] + mine[0]["asked"] == 0 else 0
        if quiet == 4:
            return mine[0]
        time.sleep(0.5)
    sys.exit(f"error: the pages were not enriched within {LONGEST_WAIT_S} s; see ./dev logs nd-enricher")


def show_redactions(before, after):
    removed = {}
    for (name, labels), value in after.items():
        if name == "nd_ingest_page_redactions_total" and value > before.get((name, labels), 0):
            removed[labels.split('"')[1]] = int(value - before.get((name, labels), 0))
    print("\nWhat the redactor took out before anything left the edge:\n")
    for kind, count in sorted(removed.items(), key=lambda one: -one[1]):
        line(kind, count)


def show_page(page):
    notes = page["enrichment"]
    print(f"\nOne of them, {page['page']} ({page['title']}), as GET /v1/schema?page= answers it:\n")
    line("purpose", notes["purpose"][:80])
    for note in notes["elements"][:5]:
        line(f"{note['role']} \"{note['name'][:30]}\"", f"{note['kind']}: {note['purpose'][:60]}")
    for tour in notes["tours"][:1]:
        line("a tour", f"{tour['title'][:40]}, {len(tour['steps'])} steps")


def main():
    tenant = os.environ["ND_TENANT"]
    pages = recording.read(sys.argv[1])
    sessions = len({page["session_id"] for page in pages})
    # 10 a minute would be half an hour: the demo's tenant gets more, and keeps it.
    ndctl("limits", "set", "--tenant", tenant, "--class", "schema", "--per-minute", "6000")
    time.sleep(1)
    api, edge = Api(os.environ["ND_KEY"]), os.environ["ND_ADMIN_URL"]
    before = metrics.read(edge)
    print(f"\nSending {len(pages)} recorded page structures of {sessions} sessions,"
          f" {sum(len(page['elements']) for page in pages)} elements", flush=True)
    fingerprints = {api.send(page) for page in pages}
    there = wait_until_enriched(tenant)
    line("distinct structures", len(fingerprints))
    line("routes", there["pages"])
    line("structures that the model may see, enriched / parked", f"{there['enriched']} / {there['parked']}")
    cost = ndctl("schema", "cost", "--tenant", tenant)
    for one in cost["lines"]:
        line(f"ledger: {one['way']}, {one['state']}",
             f"{one['calls']} calls, {one['input_tokens']} + {one['output_tokens']} tokens, {one['dollars']} dollars")
    show_redactions(before, metrics.read(edge))

    _, listed = api.ask("GET", "/v1/schema")
    enriched = [one["page"] for one in listed["pages"] if one["enriched"]]
    if not enriched or there["parked"] > 0:
        sys.exit(f"error: {len(enriched)} routes are enriched, {there['parked']} structures parked")
    _, page = api.ask("GET", "/v1/schema?page=" + urllib.parse.quote(enriched[0], safe=""))
    show_page(page)
    _, theirs = Api(os.environ["ND_KEY_B"]).ask("GET", "/v1/schema")
    print(f"\nPages of that tenant that the other one sees: {len(theirs['pages'])}")
    if theirs["pages"]:
        sys.exit("error: the other tenant sees pages")


if __name__ == "__main__":
    main()
