#include "model/response_answer.hpp"

#include <doctest/doctest.h>

using nd::model::read_response;
using nd::model::response_answer;
using outcome = response_answer::outcome;

TEST_CASE("the message is found behind other items, and its parts make one text") {
    const auto read = read_response(R"({"id":"resp_1","status":"completed","model":"m-1","output":[
        {"type":"reasoning","summary":[]},
        {"type":"message","content":[{"type":"output_text","text":"{\"a\":"},
            {"type":"output_text","text":"1}"},{"type":"new_kind","text":"?"}]}],
        "usage":{"input_tokens":10,
        "input_tokens_details":{"cached_tokens":4},"output_tokens":3}})");
    REQUIRE(read.has_value());
    CHECK(read->what == outcome::completed);
    CHECK(read->id == "resp_1");
    CHECK(read->model == "m-1");
    CHECK(read->text == R"({"a":1})");
    REQUIRE(read->usage);
    CHECK(*read->usage == nd::model::token_usage{10, 4, 3});
}

TEST_CASE("refusals, cut answers and failures are told apart") {
    const auto refusal = read_response(R"({"status":"completed","output":[{"type":"message",)"
                                       R"("content":[{"type":"refusal","refusal":"no"}]}]})");
    CHECK(refusal->what == outcome::refusal);
    CHECK(refusal->text == "no");
    const auto cut = read_response(R"({"status":"incomplete","output":[],)"
                                   R"("incomplete_details":{"reason":"max_output_tokens"}})");
    CHECK(cut->what == outcome::incomplete);
    CHECK(cut->reason == "max_output_tokens");
    const auto failed =
        read_response(R"({"status":"failed","error":{"code":"server_error","message":"oh"}})");
    CHECK(failed->what == outcome::failed);
    CHECK(failed->reason == "server_error");
    CHECK(read_response(R"({"status":"queued"})")->what == outcome::unfinished);
}

TEST_CASE("missing usage is unknown and not nothing; wrong types never throw") {
    CHECK(!read_response(R"({"status":"completed","output":[]})")->usage);
    CHECK(!read_response(R"({"status":"completed","usage":{"input_tokens":"1"}})")->usage);
    CHECK(!read_response(R"({"status":"completed","usage":{"input_tokens":-1,"output_tokens":1}})")
               ->usage);
    CHECK(read_response(R"({"status":"completed","output":{},"usage":[],"id":7})")->id.empty());
    CHECK(read_response(R"({"status":"completed","output":[7,{"type":"message","content":[7]}]})")
              .has_value());
}

TEST_CASE("what is no response is said to be none") {
    for (const auto* text :
         {"", "{}", "[]", "null", R"({"status":7})", "<html>", R"({"status":"completed")"})
        CHECK_MESSAGE(!read_response(text), text);
}
