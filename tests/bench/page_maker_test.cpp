#include "bench/page_maker.hpp"

#include "bench/distinct_pages.hpp"
#include "bench/recording.hpp"
#include "schema/limits.hpp"
#include "schema/page_fingerprint.hpp"

#include <doctest/doctest.h>
#include <unistd.h>
#include <zlib.h>
#include <boost/json/parse.hpp>

#include <filesystem>
#include <limits>
#include <set>

using nd::base::errc;
using namespace nd::bench;
namespace schema = nd::schema;

namespace {

constexpr std::size_t elements = 200;
constexpr schema::instant any_time{std::numeric_limits<std::int64_t>::max() / 2};

const std::vector<boost::json::object>& recorded() {
    static const auto pages = read_page_recording(ND_RECORDING, elements).value();
    return pages;
}

// A folder with a recording in it that is gone with the test.
struct recorded_folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("nd-bench-pages." + std::to_string(::getpid()));
    explicit recorded_folder(const std::string& pages) {
        std::filesystem::create_directories(path);
        auto* file = gzopen((path / "pages.ndjson.gz").c_str(), "wb");
        gzwrite(file, pages.data(), static_cast<unsigned>(pages.size()));
        gzclose(file);
    }
    ~recorded_folder() { std::filesystem::remove_all(path); }
    auto read(std::size_t least) const { return read_page_recording(path / "events", least); }
};

}  // namespace

TEST_CASE("recorded pages are as large as was asked, and there are many") {
    CHECK(recorded().size() > 100);
    for (const auto& page : recorded())
        CHECK(page.at("elements").as_array().size() == elements);
}

TEST_CASE("pages that are not there, too small or no pages are told by file and line") {
    CHECK(read_page_recording("/nowhere/events.ndjson.gz", 1).error().code == errc::unavailable);
    const recorded_folder two("{\"elements\":[1]}\n{\"elements\":[1,2,3]}\n");
    CHECK(two.read(1).value().size() == 2);
    CHECK(two.read(2).value().size() == 1);
    CHECK(two.read(2).value()[0].at("elements").as_array().size() == 2);
    CHECK(two.read(4).error().detail.find("has 4 elements") != std::string::npos);
    const recorded_folder broken("{\"elements\":[1]}\n{\"elements\":1}\n");
    CHECK(broken.read(1).error().detail.find("line 2 of ") != std::string::npos);
}

TEST_CASE("the edge takes every body, and each is in a session of its own") {
    const std::vector<page_template> pages(recorded().begin(), recorded().end());
    page_maker maker(pages, 1), again(pages, 1), other(pages, 2);
    schema::page_scanner scanner;
    schema::page_redactor redactor;
    std::set<std::string> sessions;
    std::string body = "what was there before", same, different;
    for (std::size_t i = 0; i < 2 * pages.size(); ++i) {
        maker.make(body);
        again.make(same);
        other.make(different);
        CHECK(body == same);
        CHECK(body != different);
        CHECK(body.size() <= schema::max_page_body);
        const auto size = body.size();
        body.resize(size + schema::page_padding);
        const auto raw = scanner.scan(body.data(), size, any_time);
        REQUIRE(raw.has_value());
        CHECK(raw->elements.size() == elements);
        CHECK(raw->session_id.size() == id_length);
        CHECK(sessions.insert(std::string(raw->session_id)).second);
        CHECK(redactor.redact(*raw, {}).has_value());
    }
}

TEST_CASE("distinct pages are other structures for each number, and the same for the same") {
    distinct_pages pages(recorded()), again(recorded());
    schema::page_record_reader reader;
    const schema::tenant_id tenant;
    std::set<std::string> structures;
    for (std::uint64_t i = 0; i < 5000; ++i) {
        const auto record = pages.record(i);
        const auto page = reader.read(record);
        REQUIRE(page.has_value());
        CHECK(page->elements().size() == elements + 1);
        CHECK(structures.insert(to_string(schema::fingerprint_of(tenant, *page))).second);
        if (i % 100 == 0) CHECK(again.record(i) == record);
    }
}
