"""Sends batches to POST /v1/events over a few keep-alive connections and keeps what came back."""
import concurrent.futures
import http.client
import json
import threading
import time
import urllib.parse

MOST_TRIES = 5


class Sender:
    def __init__(self, url, key, connections):
        self.address = urllib.parse.urlsplit(url).netloc
        self.key = key
        self.connections = connections
        self.local = threading.local()

    def connection(self):
        if not hasattr(self.local, "connection"):
            self.local.connection = http.client.HTTPConnection(self.address, timeout=30)
        return self.local.connection

    def post(self, body):
        """One request: status, headers, answer, seconds to the last byte of the answer."""
        start = time.perf_counter()
        self.connection().request("POST", "/v1/events", body,
                                  {"X-ND-Key": self.key, "Content-Type": "application/json"})
        answer = self.connection().getresponse()
        text = answer.read()
        return answer.status, answer.headers, json.loads(text), time.perf_counter() - start

    def send(self, batch):
        """Sends until it is taken: 429 and 503 say how long to wait, and sending again is safe. Anything else is an error."""
        body = json.dumps({"events": batch}).encode()
        for _ in range(MOST_TRIES):
            status, headers, answer, seconds = self.post(body)
            if status == 202:
                return answer, seconds
            if status not in (429, 503):
                break
            wait = int(headers.get("Retry-After", "1"))
            print(f"  {status} {answer.get('code')}: waiting {wait} s, as Retry-After says", flush=True)
            time.sleep(wait)
        raise RuntimeError(f"POST /v1/events answered {status}: {json.dumps(answer)}")

    def send_all(self, batches):
        with concurrent.futures.ThreadPoolExecutor(self.connections) as pool:
            return list(pool.map(self.send, batches))
