// Our client against the stand-in: what it brings back, and what it makes of every fault.
#include "tests/openai/client_bed.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;
using model::fate;
using outcome = model::response_answer::outcome;

TEST_CASE("an answer brings its text, its usage, what is left of the limits and the service's id") {
    client_bed bed;
    const auto got = bed.respond(plain_body);
    REQUIRE(got.has_value());
    CHECK(got->value.what == outcome::completed);
    CHECK(got->value.text == "You said: hello there");
    CHECK(got->value.model == "gpt-5-mini");
    REQUIRE(got->value.usage);
    CHECK(got->value.usage->input > 0);
    CHECK(got->rate.requests.left == 99'999);
    CHECK(got->rate.tokens.whole_in);
    CHECK(got->request_id.starts_with("req_stub"));
    CHECK(bed.control.count("worked_on") == 1);
}

TEST_CASE("each fault of the service has the fate that it should have") {
    client_bed bed;
    const auto fate_of = [&](const std::string& fault) {
        bed.control.order(fault);
        const auto got = bed.respond(plain_body);
        REQUIRE_MESSAGE(!got, fault);
        return got.error().what;
    };
    CHECK(fate_of(R"({"on":"responses","kind":"rate_limit"})") == fate::retry);
    CHECK(fate_of(R"({"on":"responses","kind":"rate_limit","retry_after":"3"})") == fate::wait);
    CHECK(fate_of(R"({"on":"responses","kind":"quota"})") == fate::quota);
    CHECK(fate_of(R"({"on":"responses","kind":"status","status":500})") == fate::retry);
    CHECK(fate_of(R"({"on":"responses","kind":"status","status":503,"retry_after":"1"})") ==
          fate::wait);
    CHECK(fate_of(R"({"on":"responses","kind":"status","status":500,"should_retry":"false"})") ==
          fate::refused);
    CHECK(bed.control.count("worked_on") == 0);
    CHECK(fate_of(R"({"on":"responses","kind":"cut"})") == fate::unknown);
    CHECK(fate_of(R"({"on":"responses","kind":"silent"})") == fate::unknown);
    CHECK(fate_of(R"({"on":"responses","kind":"wrong_json"})") == fate::garbled);
    // These were worked on, and may have cost: that is why they are told apart from the others.
    CHECK(bed.control.count("worked_on") == 3);
    CHECK(bed.respond(plain_body).has_value());
}

TEST_CASE("what the model does is no fault of the call") {
    client_bed bed;
    const auto outcome_of = [&](const std::string& kind) {
        bed.control.order(R"({"on":"responses","kind":")" + kind + R"("})");
        return bed.respond(plain_body)->value;
    };
    CHECK(outcome_of("refusal").what == outcome::refusal);
    CHECK(outcome_of("incomplete").reason == "max_output_tokens");
    CHECK(outcome_of("content_filter").reason == "content_filter");
    const auto failed = outcome_of("failed");
    CHECK(failed.what == outcome::failed);
    CHECK(!failed.usage);
    CHECK(outcome_of("wrong_text").text.starts_with("Here you are: "));
}

TEST_CASE("a slow answer within the patience is taken, one beyond it is unknown") {
    client_bed bed;
    bed.control.order(R"({"on":"responses","kind":"slow","ms":200})");
    CHECK(bed.respond(plain_body).has_value());
    bed.settings.patience_s = 1;
    bed.client = model::openai_client::make(bed.io, bed.settings).value();
    bed.control.order(R"({"on":"responses","kind":"slow","ms":2500})");
    const auto got = bed.respond(plain_body);
    REQUIRE(!got);
    CHECK(got.error().what == fate::unknown);
}

TEST_CASE("a wrong key and an unknown model are for the operator") {
    client_bed bed;
    const auto unknown = bed.respond(R"({"model":"gpt-0","input":"x"})");
    REQUIRE(!unknown);
    CHECK(unknown.error().what == fate::setup);
    CHECK(unknown.error().code == "model_not_found");
    bed.settings.key_file = bed.files.secret("other", "sk-not-the-key-0123456789abcdefghij");
    bed.client = model::openai_client::make(bed.io, bed.settings).value();
    const auto refused = bed.respond(plain_body);
    REQUIRE(!refused);
    CHECK(refused.error().what == fate::setup);
    CHECK(refused.error().detail.find("sk-not") == std::string::npos);
}

TEST_CASE("a service that is not there leaves nothing sent") {
    client_bed bed;
    bed.settings.url = "http://127.0.0.1:9/v1";
    bed.client = model::openai_client::make(bed.io, bed.settings).value();
    const auto got = bed.respond(plain_body);
    REQUIRE(!got);
    CHECK(got.error().what == fate::retry);
    CHECK(got.error().status == 0);
}

TEST_CASE("a key file that is missing, open to others, or more than a key is refused") {
    client_bed bed;
    const auto made = [&](const std::string& path) {
        bed.settings.key_file = path;
        return model::openai_client::make(bed.io, bed.settings);
    };
    CHECK(!made("/does/not/exist"));
    const auto open = bed.files.secret("open", std::string(40, 'k'));
    ::chmod(open.c_str(), 0644);
    CHECK(!made(open));
    CHECK(!made(bed.files.secret("two", "sk-0123456789abcdef0123456789\nAnother: line")));
    CHECK(made(bed.files.secret("one", std::string(40, 'k') + "\n")).has_value());
}

TEST_CASE("calls side by side share connections, and none waits for another") {
    stub_server_settings with;
    with.api.latency = 150ms;
    client_bed bed(with);
    int done = 0;
    const auto before = std::chrono::steady_clock::now();
    for (int i = 0; i < 10; ++i)
        boost::asio::co_spawn(bed.io.get_executor(), bed.client->respond(plain_body),
                              [&](const std::exception_ptr& thrown, const auto& got) {
                                  CHECK(!thrown);
                                  CHECK(got.has_value());
                                  ++done;
                              });
    bed.io.run();
    CHECK(done == 10);
    CHECK(std::chrono::steady_clock::now() - before < 1200ms);
    CHECK(bed.control.count("worked_on") == 10);
    const auto inputs = bed.control.counts().at("inputs");
    CHECK(inputs.at("distinct").to_number<int>() == 1);
    CHECK(inputs.at("most").to_number<int>() == 10);
}

TEST_CASE("the stand-in keeps its limits and says when there is room again") {
    stub_server_settings with;
    with.api.requests_per_minute = 2;
    client_bed bed(with);
    CHECK(bed.respond(plain_body)->rate.requests.left == 1);
    CHECK(bed.respond(plain_body)->rate.requests.left == 0);
    const auto got = bed.respond(plain_body);
    REQUIRE(!got);
    CHECK(got.error().what == fate::wait);
    CHECK(*got.error().after <= 30s);
    CHECK(*got.error().after > 25s);
    CHECK(got.error().rate.requests.left == 0);
}
