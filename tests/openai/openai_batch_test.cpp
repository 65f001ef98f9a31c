// Batches of the stand-in through our client: their lives, their files, and what goes wrong in
// them.
#include "model/batch_input.hpp"
#include "model/batch_output.hpp"
#include "tests/openai/client_bed.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;
using model::batch_status;

namespace {

stub_server_settings quick() {
    stub_server_settings with;
    with.api.batch_phase = 30ms;
    return with;
}

struct batch_bed : client_bed {
    batch_bed() : client_bed(quick()) {}

    model::batch_object submit(int requests, const std::string& more = "") {
        model::batch_input input;
        for (int i = 0; i < requests; ++i)
            REQUIRE(input.add("job-" + std::to_string(i), plain_body) ==
                    model::batch_input::added::yes);
        return submit_text(input.text() + more);
    }
    model::batch_object submit_text(const std::string& lines) {
        const auto file = run(client->upload(lines));
        REQUIRE(file.has_value());
        const auto made = run(client->create_batch(file->value, {{"nd_run", "7"}}));
        REQUIRE(made.has_value());
        return made->value;
    }
    model::batch_object wait_for_end(const std::string& id) {
        for (int i = 0; i < 200; ++i) {
            const auto now = run(client->batch(id));
            REQUIRE(now.has_value());
            if (has_ended(now->value.status)) return now->value;
            std::this_thread::sleep_for(20ms);
        }
        FAIL("the batch never ends");
        return {};
    }
    std::string content(const std::string& file_id) {
        if (file_id.empty()) return {};
        const auto got = run(client->file_content(file_id));
        REQUIRE(got.has_value());
        return got->value;
    }
    model::batch_lines results(const model::batch_object& of) {
        return model::read_batch_output(content(of.output_file_id), content(of.error_file_id));
    }
};

std::size_t answered(const model::batch_lines& from) {
    return static_cast<std::size_t>(std::count_if(
        from.lines.begin(), from.lines.end(), [](const auto& one) { return one.status == 200; }));
}

}  // namespace

TEST_CASE("a batch goes from validating to completed, and each request has one answer") {
    batch_bed bed;
    const auto made = bed.submit(5);
    CHECK(made.status == batch_status::validating);
    CHECK(made.metadata.at("nd_run") == "7");
    const auto ended = bed.wait_for_end(made.id);
    CHECK(ended.status == batch_status::completed);
    CHECK(ended.total == 5);
    CHECK(ended.completed == 5);
    CHECK(ended.error_file_id.empty());
    const auto read = bed.results(ended);
    CHECK(answered(read) == 5);
    CHECK(read.lines.front().custom_id == "job-4");  // in another order than asked
    const auto response = model::read_response(read.lines.front().body);
    REQUIRE(response.has_value());
    CHECK(response->text == "You said: hello there");
    CHECK(bed.control.count("worked_on") == 5);
}

TEST_CASE("a batch that failed in part is completed all the same, and both its files tell") {
    batch_bed bed;
    bed.control.order(R"({"on":"batch","kind":"partial"})");
    const auto ended = bed.wait_for_end(bed.submit(5).id);
    CHECK(ended.status == batch_status::completed);
    CHECK(ended.failed == 2);
    const auto read = bed.results(ended);
    CHECK(read.lines.size() == 5);
    CHECK(answered(read) == 3);
}

TEST_CASE("of an expired and of a cancelled batch, what was done counts") {
    batch_bed bed;
    bed.control.order(R"({"on":"batch","kind":"expired"})");
    const auto expired = bed.wait_for_end(bed.submit(4).id);
    CHECK(expired.status == batch_status::expired);
    auto read = bed.results(expired);
    CHECK(read.lines.size() == 4);
    CHECK(answered(read) == 2);
    CHECK(read.lines.back().error_code == "batch_expired");

    bed.control.order(R"({"on":"batch","kind":"stuck"})");
    const auto stuck = bed.submit(4);
    std::this_thread::sleep_for(150ms);
    CHECK(bed.run(bed.client->batch(stuck.id))->value.status == batch_status::in_progress);
    CHECK(bed.run(bed.client->cancel_batch(stuck.id))->value.status == batch_status::cancelling);
    const auto cancelled = bed.wait_for_end(stuck.id);
    CHECK(cancelled.status == batch_status::cancelled);
    read = bed.results(cancelled);
    CHECK(read.lines.size() == 4);
    CHECK(answered(read) == 2);
    const auto again = bed.run(bed.client->cancel_batch(stuck.id));
    REQUIRE(!again);
    CHECK(again.error().status == 409);
}

TEST_CASE("an input file at fault fails the batch as a whole, and the fault names its line") {
    batch_bed bed;
    const auto fault_of = [&](const std::string& lines) {
        const auto ended = bed.wait_for_end(bed.submit_text(lines).id);
        REQUIRE(ended.status == batch_status::failed);
        REQUIRE(!ended.faults.empty());
        CHECK(ended.output_file_id.empty());
        return ended.faults[0];
    };
    const std::string good =
        R"({"custom_id":"a","method":"POST","url":"/v1/responses","body":)" + plain_body + "}\n";
    const auto repeated = fault_of(good + good);
    CHECK(repeated.code == "duplicate_custom_id");
    CHECK(repeated.line == 2);
    CHECK(fault_of(good + "{\n").code == "invalid_json_line");
    CHECK(fault_of("\n").code == "empty_file");
    CHECK(fault_of(R"({"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{}})")
              .code == "url_mismatch");
    CHECK(fault_of(R"({"method":"POST","url":"/v1/responses","body":{}})").code ==
          "invalid_custom_id");
    CHECK(fault_of(R"({"custom_id":"a","method":"POST","url":"/v1/responses","body":{},"x":1})")
              .code == "unknown_parameter");
    auto other = good;
    other.replace(other.find("\"a\""), 3, "\"b\"");
    other.replace(other.find("gpt-5-mini"), 10, "gpt-9-maxi");
    CHECK(fault_of(good + other).code == "model_mismatch");
    CHECK(bed.control.count("worked_on") == 0);
}

TEST_CASE("a request that the service refuses is in the error file with its own status") {
    batch_bed bed;
    const auto ended = bed.wait_for_end(
        bed.submit(1, R"({"custom_id":"bad","method":"POST","url":"/v1/responses","body":)"
                      R"({"model":"gpt-5-mini","input":"x","stor":false}})"
                      "\n")
            .id);
    CHECK(ended.status == batch_status::completed);
    const auto read = bed.results(ended);
    REQUIRE(read.lines.size() == 2);
    CHECK(read.lines[1].custom_id == "bad");
    CHECK(read.lines[1].status == 400);
    CHECK(read.lines[1].body.find("unknown_parameter") != std::string::npos);
}

TEST_CASE("a lost batch is found again by its metadata, on any page of the list") {
    batch_bed bed;
    const auto first = bed.submit(1);
    for (int i = 0; i < 101; ++i)
        static_cast<void>(bed.submit(1));
    std::string after;
    std::vector<model::batch_object> all;
    for (int page = 0; page < 5; ++page) {
        const auto got = bed.run(bed.client->batches(after));
        REQUIRE(got.has_value());
        all.insert(all.end(), got->value.batches.begin(), got->value.batches.end());
        after = got->value.last_id;
        if (!got->value.has_more) break;
    }
    CHECK(all.size() == 102);
    CHECK(all.back().id == first.id);
    CHECK(all.back().metadata.at("nd_run") == "7");
}

TEST_CASE("files come and go, and ids that are none are never asked for") {
    batch_bed bed;
    const auto file = bed.run(bed.client->upload("{}\n"));
    REQUIRE(file.has_value());
    CHECK(bed.run(bed.client->file_content(file->value))->value == "{}\n");
    CHECK(bed.run(bed.client->delete_file(file->value))->value == file->value);
    const auto gone = bed.run(bed.client->file_content(file->value));
    REQUIRE(!gone);
    CHECK(gone.error().status == 404);
    CHECK(!bed.run(bed.client->batch("../files")));
    CHECK(!bed.run(bed.client->file_content("")));
    const auto missing = bed.run(bed.client->create_batch("file-none", {}));
    REQUIRE(!missing);
    CHECK(missing.error().what == model::fate::refused);
    CHECK(!bed.run(bed.client->create_batch(file->value, {{"long", std::string(513, 'x')}})));
}

TEST_CASE("an upload that is cut may have arrived, and a batch created in silence is in the list") {
    batch_bed bed;
    bed.control.order(R"({"on":"files","kind":"cut"})");
    CHECK(bed.run(bed.client->upload("{}\n")).error().what == model::fate::unknown);
    const auto file = bed.run(bed.client->upload("{}\n"));
    bed.control.order(R"({"on":"batches","kind":"silent"})");
    const auto lost = bed.run(bed.client->create_batch(file->value, {{"nd_run", "9"}}));
    REQUIRE(!lost);
    CHECK(lost.error().what == model::fate::unknown);
    const auto list = bed.run(bed.client->batches(""));
    REQUIRE(list->value.batches.size() == 1);
    CHECK(list->value.batches[0].metadata.at("nd_run") == "9");
}

TEST_CASE("lines that nobody can read are counted beside those that can be") {
    batch_bed bed;
    bed.control.order(R"({"on":"batch","kind":"garbled_lines"})");
    const auto read = bed.results(bed.wait_for_end(bed.submit(2).id));
    CHECK(answered(read) == 2);
    CHECK(read.unreadable == 1);
}
