// The stand-in itself: what it refuses, as the real service would.
#include "tests/openai/batch_lines.hpp"
#include "tests/openai/body_check.hpp"
#include "tests/openai/schema_judge.hpp"
#include "tests/openai/strict_schema.hpp"
#include "tests/openai/stub_api.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <boost/json/parse.hpp>

using namespace nd::tests;
namespace json = boost::json;

namespace {

std::string code_of(const std::string& body) {
    const auto fault = fault_in_response_body(json::parse(body), {"m"});
    return fault ? fault->code + " " + fault->param : "";
}

std::string schema_fault(const std::string& schema) {
    return fault_in_strict_schema(json::parse(schema)).value_or("");
}

stub_reply ask(stub_api& api, stub_request what) {
    if (what.authorization.empty()) what.authorization = "Bearer " + stub_api_settings().key;
    return api.answer(what, {std::chrono::steady_clock::time_point(), 1000});
}

}  // namespace

TEST_CASE("members that the service does not know are refused, wherever they stand") {
    CHECK(code_of(R"({"model":"m","input":"x"})").empty());
    CHECK(code_of(R"({"model":"m","input":"x","stor":false})") == "unknown_parameter stor");
    CHECK(code_of(R"({"model":"m","input":[{"role":"user","content":"x","nam":"y"}]})") ==
          "unknown_parameter input[0].nam");
    CHECK(code_of(R"({"model":"m","input":[{"role":"user","content":[)"
                  R"({"type":"input_text","text":"x","lang":"en"}]}]})") ==
          "unknown_parameter input[0].content[0].lang");
    CHECK(code_of(R"({"model":"m","input":"x","text":{"format":{"type":"text","stric":true}}})") ==
          "unknown_parameter text.format.stric");
    CHECK(code_of(R"({"model":"m","input":"x","response_format":{}})") ==
          "unknown_parameter response_format");
}

TEST_CASE("wrong types, bounds and missing members are refused") {
    CHECK(code_of(R"({"input":"x"})") == "missing_required_parameter model");
    CHECK(code_of(R"({"model":"m"})") == "missing_required_parameter input");
    CHECK(code_of(R"({"model":"n","input":"x"})") == "model_not_found model");
    CHECK(code_of(R"({"model":7,"input":"x"})") == "invalid_type model");
    CHECK(code_of(R"({"model":"m","input":7})") == "invalid_type input");
    CHECK(code_of(R"({"model":"m","input":"x","max_output_tokens":15})") ==
          "integer_below_min_value max_output_tokens");
    CHECK(code_of(R"({"model":"m","input":"x","store":"no"})") == "invalid_type store");
    CHECK(code_of(R"({"model":"m","input":"x","temperature":2.5})") ==
          "number_out_of_range temperature");
    CHECK(code_of(R"({"model":"m","input":"x","reasoning":{"effort":"lots"}})") ==
          "invalid_value reasoning.effort");
    CHECK(code_of(R"({"model":"m","input":"x","metadata":{"a":1}})") == "invalid_type metadata.a");
    CHECK(code_of(R"({"model":"m","input":"x","metadata":{"a":")" + std::string(513, 'x') +
                  "\"}}") == "string_above_max_length metadata.a");
    CHECK(code_of(R"({"model":"m","input":[{"content":"x"}]})") ==
          "missing_required_parameter input[0].role");
    CHECK(code_of("[]") == " ");
}

TEST_CASE("a schema outside of the strict subset is refused, and only when strict is asked for") {
    const auto with = [](const std::string& strict, const std::string& schema) {
        return code_of(R"({"model":"m","input":"x","text":{"format":{)"
                       R"("type":"json_schema","name":"n","strict":)" +
                       strict + R"(,"schema":)" + schema + "}}}");
    };
    const std::string loose =
        R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"]})";
    CHECK(with("true", loose) == "invalid_json_schema text.format.schema");
    CHECK(with("false", loose).empty());
    CHECK(schema_fault(R"({"type":"array","items":{"type":"string"}})").find("object") !=
          std::string::npos);
    const auto object = [](const std::string& properties, const std::string& required) {
        return R"({"type":"object","properties":)" + properties + R"(,"required":)" + required +
               R"(,"additionalProperties":false})";
    };
    CHECK(schema_fault(object(R"({"a":{"type":"string"}})", R"(["a"])")).empty());
    CHECK(schema_fault(object(R"({"a":{"type":["string","null"]}})", R"(["a"])")).empty());
    for (const auto& wrong :
         {object(R"({"a":{"type":"string"}})", "[]"), object("{}", R"(["a"])"),
          object(R"({"a":{"type":"text"}})", R"(["a"])"), object(R"({"a":{}})", R"(["a"])"),
          object(R"({"a":{"type":"string","minLength":1}})", R"(["a"])"),
          object(R"({"a":{"allOf":[]}})", R"(["a"])"),
          object(R"({"a":{"type":"array"}})", R"(["a"])")})
        CHECK_MESSAGE(!schema_fault(wrong).empty(), wrong);
    auto deep = object(R"({"a":{"type":"string"}})", R"(["a"])");
    for (int level = 2; level <= 5; ++level)
        deep = object(fmt::format(R"({{"a":{}}})", deep), R"(["a"])");
    CHECK(schema_fault(deep).empty());
    CHECK(!schema_fault(object(R"({"a":)" + deep + "}", R"(["a"])")).empty());
}

TEST_CASE("an answer is held against its schema") {
    const auto schema = json::parse(
        R"({"type":"object","properties":{
            "a":{"type":"array","items":{"type":"string","enum":["x","y"]}},
            "b":{"type":["integer","null"]}},"required":["a","b"],"additionalProperties":false})");
    const auto fault = [&](const char* value) {
        return fault_against_schema(json::parse(value), schema);
    };
    CHECK(!fault(R"({"a":["x","y"],"b":1})"));
    CHECK(!fault(R"({"a":[],"b":null})"));
    const auto tree = json::parse(
        R"({"type":"object","properties":{"next":{"anyOf":[{"$ref":"#/$defs/t"},{"type":"null"}]}},
            "required":["next"],"additionalProperties":false,
            "$defs":{"t":{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"],
            "additionalProperties":false}}})");
    CHECK(!fault_against_schema(json::parse(R"({"next":{"n":1}})"), tree));
    CHECK(!fault_against_schema(json::parse(R"({"next":null})"), tree));
    CHECK(fault_against_schema(json::parse(R"({"next":{"n":"1"}})"), tree));
    for (const auto* wrong : {R"({"a":["z"],"b":1})", R"({"a":["x"]})", R"({"a":"x","b":1})",
                              R"({"a":[],"b":1.5})", R"({"a":[],"b":1,"c":2})", "[]"})
        CHECK_MESSAGE(fault(wrong), wrong);
}

TEST_CASE("no key, a wrong key and an unknown path get what the service gives") {
    stub_api api({});
    stub_request what{"POST", "/v1/responses", "", "Basic x", "application/json", "{}"};
    CHECK(ask(api, what).status == 401);
    what.authorization = "Bearer sk-other";
    CHECK(ask(api, what).status == 401);
    what.authorization.clear();
    CHECK(ask(api, what).status == 400);
    what.content_type = "text/plain";
    CHECK(ask(api, what).status == 400);
    what.path = "/v1/chat/completions";
    CHECK(ask(api, what).status == 404);
    what.method = "GET";
    what.path = "/v1/responses";
    CHECK(ask(api, what).status == 404);
}

TEST_CASE("a batch has at most fifty thousand requests") {
    std::string lines;
    for (int i = 0; i <= 50'000; ++i) {
        if (i == 50'000) CHECK(read_batch_input(lines, "/v1/responses").index() == 0);
        lines += R"({"custom_id":")" + std::to_string(i) +
                 R"(","method":"POST","url":"/v1/responses","body":{"model":"m"}})" + "\n";
    }
    const auto read = read_batch_input(lines, "/v1/responses");
    REQUIRE(read.index() == 1);
    CHECK(std::get<1>(read).at(0).at("code") == "too_many_tasks");
}

TEST_CASE("a form that is none, without a purpose, or for something else is refused") {
    stub_api api({});
    const auto upload = [&](const std::string& parts, const std::string& mark = "b") {
        return ask(api,
                   {"POST", "/v1/files", "", "", "multipart/form-data; boundary=" + mark, parts})
            .status;
    };
    const std::string file =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\n{}\r\n";
    const auto field = [](const std::string& name, const std::string& value) {
        return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value +
               "\r\n";
    };
    CHECK(upload(file + field("purpose", "batch") + "--b--\r\n") == 200);
    CHECK(upload(file + "--b--\r\n") == 400);
    CHECK(upload(field("purpose", "batch") + "--b--\r\n") == 400);
    CHECK(upload(file + field("purpose", "vision") + "--b--\r\n") == 400);
    CHECK(upload(file + field("purpose", "batch") + field("extra", "1") + "--b--\r\n") == 400);
    CHECK(upload(file + field("purpose", "batch") + field("expires_after[seconds]", "60") +
                 "--b--\r\n") == 400);
    CHECK(upload("nothing") == 400);
    CHECK(upload(file, "c") == 400);
    CHECK(upload(file) == 400);
}

TEST_CASE("a fault that there is not is refused in words") {
    stub_api api({});
    const auto order = [&](const std::string& body) {
        return ask(api, {"POST", "/stub/faults", "", "", "", body});
    };
    CHECK(order(R"({"on":"responses","kind":"slow"})").status == 200);
    CHECK(order(R"([{"on":"batch","kind":"partial"},{"on":"files","kind":"cut"}])").status == 200);
    CHECK(order(R"({"on":"responses","kind":"slwo"})").body.find("silent") != std::string::npos);
    CHECK(order(R"({"on":"nothing","kind":"slow"})").status == 400);
    CHECK(order("7").status == 400);
    CHECK(ask(api, {"DELETE", "/stub/faults", "", "", "", ""}).status == 200);
}
