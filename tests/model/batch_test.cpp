#include "model/batch_input.hpp"
#include "model/batch_object.hpp"
#include "model/batch_output.hpp"
#include "model/multipart.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>

using namespace nd::model;

TEST_CASE("a batch's lines hold the request as it is, under its id") {
    batch_input input;
    CHECK(input.add("job-1", R"({"model":"m"})") == batch_input::added::yes);
    CHECK(input.add("job \"2\"", R"({"model":"n"})") == batch_input::added::yes);
    CHECK(input.add("job-1", "{}") == batch_input::added::repeated);
    CHECK(input.lines() == 2);
    const auto end = input.text().find('\n');
    const auto first = boost::json::parse(input.text().substr(0, end));
    CHECK(first.at("custom_id") == "job-1");
    CHECK(first.at("url") == "/v1/responses");
    CHECK(first.at("method") == "POST");
    CHECK(first.at("body").at("model") == "m");
    const auto second = boost::json::parse(input.text().substr(end + 1));
    CHECK(second.at("custom_id") == "job \"2\"");
}

TEST_CASE("a batch is full by lines and by bytes, and takes no more then") {
    batch_input few({2, 1000});
    CHECK(few.add("a", "{}") == batch_input::added::yes);
    CHECK(few.add("b", "{}") == batch_input::added::yes);
    CHECK(few.add("c", "{}") == batch_input::added::full);
    batch_input small({10, 150});
    CHECK(small.add("a", "{}") == batch_input::added::yes);
    const auto before = small.text();
    CHECK(small.add("b", std::string(100, ' ')) == batch_input::added::full);
    CHECK(small.text() == before);
    CHECK(small.lines() == 1);
}

TEST_CASE("both files of a batch are read by custom_id, whatever their order") {
    const auto read = read_batch_output(
        R"({"id":"r2","custom_id":"b","response":{"status_code":200,"request_id":"q",)"
        R"("body":{"status":"completed"}},"error":null})"
        "\n\n"
        R"({"id":"r1","custom_id":"a","response":{"status_code":200,"body":{}},"error":null})"
        "\r\n",
        R"({"id":"r3","custom_id":"c","response":null,)"
        R"("error":{"code":"batch_expired","message":"late"}})"
        "\n"
        R"({"id":"r4","custom_id":"d","response":{"status_code":400,"body":{"error":{}}},)"
        R"("error":null})");
    REQUIRE(read.lines.size() == 4);
    CHECK(read.lines[0].custom_id == "b");
    CHECK(read.lines[0].status == 200);
    CHECK(read.lines[0].request_id == "q");
    CHECK(read.lines[0].body == R"({"status":"completed"})");
    CHECK(read.lines[2].status == 0);
    CHECK(read.lines[2].error_code == "batch_expired");
    CHECK(read.lines[3].status == 400);
    CHECK(read.unreadable == 0);
}

TEST_CASE("broken and repeated lines of a batch are counted and hide no other") {
    const auto read = read_batch_output(
        "{\"custom_id\":\n"
        "{\"custom_id\":\"a\",\"response\":{\"status_code\":200}}\n"
        "{\"custom_id\":\"a\",\"response\":{\"status_code\":500}}\n"
        "{\"id\":\"x\"}\n7\n",
        "");
    REQUIRE(read.lines.size() == 1);
    CHECK(read.lines[0].status == 200);
    CHECK(read.repeated == 1);
    CHECK(read.unreadable == 3);
}

TEST_CASE("a batch object is read, and an unknown status has not ended") {
    const auto read = read_batch(R"({"id":"batch_1","status":"failed","input_file_id":"file-1",
        "output_file_id":null,"error_file_id":"file-2","created_at":5,
        "metadata":{"nd_run":"7","n":1},
        "request_counts":{"total":3,"completed":1,"failed":2},
        "errors":{"object":"list",
        "data":[{"code":"duplicate_custom_id","message":"m","line":2}]}})");
    REQUIRE(read.has_value());
    CHECK(read->status == batch_status::failed);
    CHECK(has_ended(read->status));
    CHECK(read->output_file_id.empty());
    CHECK(read->error_file_id == "file-2");
    CHECK(read->metadata.at("nd_run") == "7");
    CHECK(read->metadata.size() == 1);
    CHECK(read->failed == 2);
    REQUIRE(read->faults.size() == 1);
    CHECK(read->faults[0].line == 2);
    const auto strange = read_batch(R"({"id":"b","status":"resting"})");
    CHECK(strange->status == batch_status::other);
    CHECK(!has_ended(strange->status));
    CHECK(!read_batch(R"({"status":"completed"})"));
    CHECK(!read_batch("[]"));
}

TEST_CASE("a page of batches says where the next one begins") {
    const auto read = read_batch_list(
        R"({"data":[{"id":"b2","status":"completed"},{"id":"b1","status":"expired"}],)"
        R"("has_more":true})");
    REQUIRE(read.has_value());
    CHECK(read->batches.size() == 2);
    CHECK(read->has_more);
    CHECK(read->last_id == "b1");
    CHECK(!read_batch_list("{}"));
}

TEST_CASE("a form ends where it should, whatever the file holds") {
    const auto form = make_multipart({{"purpose", "batch"}}, "a.jsonl", "line\r\n--nd-\r\n");
    const auto mark = form.content_type.substr(form.content_type.find('=') + 1);
    CHECK(form.body.starts_with("--" + mark + "\r\n"));
    CHECK(form.body.ends_with("\r\n--" + mark + "--\r\n"));
    CHECK(form.body.find("filename=\"a.jsonl\"") != std::string::npos);
}
