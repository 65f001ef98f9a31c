"""The official client's types and the official client, against what our client sent and what the stand-in answers.

official_client_test.py URL KEY_FILE: URL is the stand-in's, which has our client's requests in /stub/bodies.
"""
import io
import json
import pathlib
import pkgutil
import importlib
import sys
import time
import typing
import unittest
import urllib.request

import openai
import openai.types
import pydantic
import typing_extensions
from openai.types.batch_create_params import BatchCreateParams
from openai.types.file_create_params import FileCreateParams
from openai.types.responses.response_create_params import ResponseCreateParamsNonStreaming

URL, KEY = sys.argv[1], pathlib.Path(sys.argv[2]).read_text(encoding="ascii").strip()
STUB = URL.removesuffix("/v1")
RESPONSES, BATCHES, FILES = "POST /v1/responses", "POST /v1/batches", "POST /v1/files"


def every_module(package):
    yield package
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        yield importlib.import_module(found.name)


def forbid_unknown_members():
    """Typed dictionaries let everything else through; the service does not, and neither shall these."""
    for module in every_module(openai.types):
        for thing in vars(module).values():
            if typing_extensions.is_typeddict(thing):
                thing.__pydantic_config__ = pydantic.ConfigDict(extra="forbid", strict=True)


forbid_unknown_members()
IS_RESPONSE = pydantic.TypeAdapter(ResponseCreateParamsNonStreaming)
IS_BATCH = pydantic.TypeAdapter(BatchCreateParams)


def ask(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(STUB + path, data=data)) as answer:
        return json.load(answer)


def order(**fault):
    ask("/stub/faults", fault)


def client(**more):
    return openai.OpenAI(base_url=URL, api_key=KEY, _strict_response_validation=True, **{"max_retries": 0, **more})


SENT = ask("/stub/bodies")


class OurRequests(unittest.TestCase):
    """What our client sent, in the eyes of the official types."""

    def test_every_request_for_an_answer(self):
        bodies = [json.loads(body) for body in SENT[RESPONSES]]
        self.assertGreater(len(bodies), 20)
        for body in bodies:
            IS_RESPONSE.validate_python(body)
            self.assertIs(body["store"], False)
            self.assertLessEqual(set(body), {"model", "store", "instructions", "text", "reasoning", "max_output_tokens",
                                             "prompt_cache_key", "input"})

    def test_every_line_of_the_batch(self):
        form = SENT[FILES][0]
        lines = [line for line in form.replace("\r", "").split("\n") if line.startswith("{")]
        self.assertEqual(len(lines), len(SENT[RESPONSES]))
        for line in lines:
            request = json.loads(line)
            self.assertEqual(set(request), {"custom_id", "method", "url", "body"})
            IS_RESPONSE.validate_python(request["body"])

    def test_the_batch_and_its_file(self):
        for body in SENT[BATCHES]:
            IS_BATCH.validate_python(json.loads(body))
        hints = typing.get_type_hints(FileCreateParams)
        for name in ("file", "purpose", "expires_after"):
            self.assertIn(name, hints)
            self.assertIn(f'name="{name}', SENT[FILES][0])

    def test_the_types_would_say_if_something_were_wrong(self):
        good = json.loads(SENT[RESPONSES][0])
        for wrong in ({"stor": False}, {"store": "no"}, {"text": {"format": {**good["text"]["format"], "stric": True}}},
                      {"input": [{"role": "user", "content": [{"type": "input_txt", "text": "x"}]}]},
                      {"reasoning": {"effort": "lots"}}):
            with self.assertRaises(pydantic.ValidationError, msg=wrong):
                IS_RESPONSE.validate_python({**good, **wrong})
        with self.assertRaises(pydantic.ValidationError):
            IS_BATCH.validate_python({**json.loads(SENT[BATCHES][0]), "completion_window": "48h"})


class Note(pydantic.BaseModel):
    title: str
    kind: typing.Literal["a", "b"]
    tags: list[str]
    more: typing.Optional["Note"]


class Answers(unittest.TestCase):
    """What the stand-in says, read strictly by the official client."""

    def test_our_own_requests_are_answered_in_their_schema(self):
        body = json.loads(SENT[RESPONSES][0])
        got = client().responses.create(**body)
        self.assertEqual(got.status, "completed")
        self.assertEqual(set(json.loads(got.output_text)), {"pages", "sections", "elements", "tours"})
        self.assertEqual(got.usage.total_tokens, got.usage.input_tokens + got.usage.output_tokens)
        self.assertIs(json.loads(got.to_json())["store"], False)

    def test_a_schema_that_the_client_makes_is_taken_and_kept(self):
        got = client().responses.parse(model="gpt-5-mini", input="hello", text_format=Note)
        self.assertEqual(got.output_parsed.title, "hello")

    def test_what_the_model_may_do_instead(self):
        def said(kind):
            order(on="responses", kind=kind)
            return client().responses.create(model="gpt-5-mini", input="hello")
        self.assertEqual(said("refusal").output[1].content[0].type, "refusal")
        self.assertEqual(said("incomplete").incomplete_details.reason, "max_output_tokens")
        self.assertEqual(said("content_filter").incomplete_details.reason, "content_filter")
        self.assertEqual(said("failed").error.code, "server_error")

    def test_errors_are_the_classes_that_they_should_be(self):
        def fails(error, **fault):
            if fault:
                order(on="responses", **fault)
            with self.assertRaises(error) as caught:
                client().responses.create(model="gpt-5-mini", input="hello")
            return caught.exception
        self.assertEqual(fails(openai.RateLimitError, kind="quota").code, "insufficient_quota")
        self.assertEqual(fails(openai.RateLimitError, kind="rate_limit", retry_after="1").response.headers["retry-after"], "1")
        fails(openai.InternalServerError, kind="status", status=503)
        fails(openai.APIConnectionError, kind="silent")
        with self.assertRaises(openai.AuthenticationError):
            openai.OpenAI(base_url=URL, api_key="sk-wrong", max_retries=0).responses.create(model="gpt-5-mini", input="x")
        with self.assertRaises(openai.BadRequestError) as caught:
            client().responses.create(model="gpt-5-mini", input="x", extra_body={"stor": False})
        self.assertEqual(caught.exception.param, "stor")

    def test_the_client_obeys_the_stand_ins_headers(self):
        order(on="responses", kind="rate_limit", retry_after="0.05")
        order(on="responses", kind="status", status=500)
        got = client(max_retries=2).responses.with_raw_response.create(model="gpt-5-mini", input="hello")
        self.assertEqual(got.retries_taken, 2)
        for name in ("limit", "remaining", "reset"):
            for kind in ("requests", "tokens"):
                self.assertIn(f"x-ratelimit-{name}-{kind}", got.headers)

    def test_members_that_the_types_know_are_known(self):
        for name in typing.get_type_hints(ResponseCreateParamsNonStreaming):
            client().responses.create(model="gpt-5-mini", input="x", extra_body={} if name in ("model", "input") else {name: None})

    def wait(self, batch):
        for _ in range(200):
            batch = client().batches.retrieve(batch.id)
            if batch.status in ("completed", "failed", "expired", "cancelled"):
                return batch
            time.sleep(0.02)
        self.fail("the batch never ends")

    def submit(self, *lines, **more):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        file = client().files.create(file=("a.jsonl", io.BytesIO(text.encode())), purpose="batch",
                                     expires_after={"anchor": "created_at", "seconds": 3600})
        self.assertEqual(client().files.retrieve(file.id).bytes, len(text))
        return client().batches.create(input_file_id=file.id, endpoint="/v1/responses", completion_window="24h", **more)

    def line(self, custom_id, **more):
        body = {"model": "gpt-5-mini", "input": "hello", **more}
        return {"custom_id": custom_id, "method": "POST", "url": "/v1/responses", "body": body}

    def test_a_batch_from_its_file_to_its_answers(self):
        made = self.submit(self.line("a"), self.line("b", stor=False), metadata={"run": "1"})
        self.assertEqual(made.status, "validating")
        done = self.wait(made)
        self.assertEqual((done.status, done.request_counts.completed, done.request_counts.failed), ("completed", 1, 1))
        good = json.loads(client().files.content(done.output_file_id).text)
        response = openai.types.responses.Response.model_validate(good["response"]["body"])
        self.assertEqual((good["custom_id"], response.output_text), ("a", "You said: hello"))
        bad = json.loads(client().files.content(done.error_file_id).text)
        self.assertEqual((bad["custom_id"], bad["response"]["status_code"]), ("b", 400))
        self.assertIn(done.id, [one.id for one in client().batches.list(limit=1)])

    def test_a_batch_that_cannot_be_and_one_that_is_not_wanted(self):
        failed = self.wait(self.submit(self.line("a"), self.line("a")))
        self.assertEqual((failed.status, failed.errors.data[0].code, failed.errors.data[0].line), ("failed", "duplicate_custom_id", 2))
        order(on="batch", kind="stuck")
        made = self.submit(self.line("a"), self.line("b"))
        self.assertEqual(client().batches.cancel(made.id).status, "cancelling")
        self.assertEqual(self.wait(made).status, "cancelled")
        file = client().files.delete(made.input_file_id)
        self.assertTrue(file.deleted)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
