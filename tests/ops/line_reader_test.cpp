#include "ops/line_reader.hpp"

#include "ops/refusal_file.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

using namespace nd;
using ops::line_reader;
namespace fs = std::filesystem;

namespace {

struct folder {
    fs::path path;
    folder() {
        std::string pattern = (fs::temp_directory_path() / "nd_lines_XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    ~folder() {
        std::error_code none;
        fs::remove_all(path, none);
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    [[nodiscard]] std::string file(const std::string& name, const std::string& bytes) const {
        std::ofstream(path / name, std::ios::binary) << bytes;
        return path / name;
    }
};

std::string zipped(const std::string& text) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}
std::string zstd(const std::string& text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return out;
}

struct lines_read {
    std::vector<std::string> lines;
    std::optional<base::error> failed;
};
lines_read read_all(const std::string& path) {
    lines_read got;
    auto reader = line_reader::open(path);
    if (!reader) return {{}, reader.error()};
    while (true) {
        const auto line = reader->next();
        if (!line) {
            got.failed = line.error();
            return got;
        }
        if (!*line) return got;
        CHECK((*line)->number == std::ssize(got.lines) + 1);
        got.lines.emplace_back((*line)->text);
    }
}

std::string many_lines(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += "line " + std::to_string(i) + " with something in it\n";
    return text;
}

}  // namespace

TEST_CASE("lines are read as they are, with and without an end, and empty ones count") {
    const folder f;
    CHECK(read_all(f.file("a", "one\n\ntwo")).lines == std::vector<std::string>{"one", "", "two"});
    CHECK(read_all(f.file("b", "one\n")).lines == std::vector<std::string>{"one"});
    CHECK(read_all(f.file("c", "\n")).lines == std::vector<std::string>{""});
    CHECK(read_all(f.file("d", "")).lines.empty());
    CHECK_FALSE(read_all(f.file("e", "")).failed);
    CHECK(read_all(f.path / "none").failed->code == base::errc::invalid);
}

TEST_CASE("gzip and zstd are told by their first bytes, and several may follow each other") {
    const folder f;
    const auto text = many_lines(50'000);
    const auto plain = read_all(f.file("plain", text)).lines;
    CHECK(plain.size() == 50'000);
    CHECK(read_all(f.file("a.gz", zipped(text))).lines == plain);
    CHECK(read_all(f.file("a.zst", zstd(text))).lines == plain);
    CHECK(read_all(f.file("two.gz", zipped(text) + zipped(text))).lines.size() == 100'000);
    CHECK(read_all(f.file("two.zst", zstd(text) + zstd(text))).lines.size() == 100'000);
    CHECK(read_all(f.file("empty.gz", zipped(""))).lines.empty());
}

TEST_CASE("compressed data that is cut or damaged is an error wherever it is cut") {
    const folder f;
    const auto text = many_lines(2000);
    for (const auto& whole : {zipped(text), zstd(text)}) {
        for (std::size_t keep = 5; keep < whole.size(); keep += whole.size() / 23) {
            CAPTURE(keep);
            const auto got = read_all(f.file("cut", whole.substr(0, keep)));
            REQUIRE(got.failed);
            CHECK(got.failed->code == base::errc::data);
        }
        auto damaged = whole;
        damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
        damaged.back() = static_cast<char>(damaged.back() ^ 0x55);
        CHECK(read_all(f.file("damaged", damaged)).failed);
        CHECK(read_all(f.file("more", whole + "rubbish")).failed);
    }
}

TEST_CASE("a line longer than is kept is cut and says how long it was") {
    const folder f;
    const std::string longer(line_reader::longest_kept + 12'345, 'x');
    auto reader = line_reader::open(f.file("long", "a\n" + longer + "\nb\n")).value();
    CHECK(reader.next().value()->text == "a");
    const auto line = reader.next().value();
    CHECK(line->size == longer.size());
    CHECK(line->text.size() == line_reader::longest_kept);
    CHECK(reader.next().value()->text == "b");
}

TEST_CASE("a report of refusals that is gone on with holds each of them once") {
    const folder f;
    const std::string path = f.path / "refused";
    {
        auto made = ops::refusal_file::make(path).value();
        for (std::int64_t line = 1; line <= 5; ++line)
            REQUIRE(made.add({"a", line, "not_json: no"}).has_value());
        REQUIRE(made.add({"b", 1, "not_json: no"}).has_value());
        REQUIRE(made.flush().has_value());
    }
    std::ofstream(path, std::ios::app) << R"({"file":"b","li)";  // it died while it wrote
    CHECK(ops::refusal_file::make(path).has_error());
    {
        auto again = ops::refusal_file::go_on(path, {{"a", 3}, {"b", 0}}).value();
        REQUIRE(again.add({"a", 4, "not_json: no"}).has_value());
        REQUIRE(again.flush().has_value());
    }
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    std::string expected;
    for (int line = 1; line <= 4; ++line) {
        expected += R"({"file":"a","line":)" + std::to_string(line) +
                    R"(,"code":"not_json","detail":"no"})" + "\n";
    }
    CHECK(text.str() == expected);
}
