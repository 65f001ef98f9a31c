// Any bytes as the body of POST /v1/schema, and as a text that is kept, alone or around a secret.
// The first byte says which. What comes out must be JSON that reads back as itself, texts within
// their bounds, and nothing of the secret.
#include "schema/limits.hpp"
#include "schema/model_page.hpp"
#include "schema/redact_path.hpp"
#include "schema/utf8.hpp"
#include "tests/schema/page_support.hpp"
#include "tests/schema/planted_secrets.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>

namespace {

using namespace nd;

void require(bool holds) {
    if (!holds) std::abort();
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = schema::utf8_character(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

void judge_text(std::string_view text) {
    require(text.size() <= schema::max_page_text);
    require(is_utf8(text));
    require(std::ranges::none_of(text, [](unsigned char c) { return c < ' ' || c == 0x7f; }));
}

void judge_page(std::string_view body) {
    const auto page = test::redacted(body);
    if (!page) {
        require(!page.error().detail.empty());
        return;
    }
    judge_text(page->title());
    require(page->page().starts_with('/') && page->page().size() <= schema::max_page_bytes);
    std::uint32_t number = 0;
    for (const auto& element : page->elements()) {
        require(element.ref == ++number && element.parent < element.ref);
        judge_text(element.name);
        judge_text(element.section);
        const auto names = schema::naming_of(element.role, element.state.level());
        require(names == schema::naming::authored || element.name.empty() ||
                (names == schema::naming::content && element.name == schema::content_mark));
    }
    const auto record = test::record_of(*page);
    static simdjson::dom::parser parser;
    require(parser.parse(record).error() == simdjson::SUCCESS);
    static schema::page_record_reader reader;
    const auto again = reader.read(record);
    require(again.has_value() && *again == *page && test::record_of(*again) == record);
    const auto tenant = test::tenant(1);
    require(schema::fingerprint_of(tenant, *page) == schema::fingerprint_of(tenant, *again));
    const auto nothing =
        schema::visible_to_model(tenant, *page, [](const schema::page_text&) { return false; });
    for (const auto& element : nothing.elements())
        require(element.key.name.empty() || element.key.name == schema::content_mark ||
                element.key.name == schema::unseen_mark);
}

void judge_redactor(std::string_view text) {
    if (!is_utf8(text)) return;
    schema::redaction_counts counts;
    const auto once = schema::redact_text(text, counts);
    judge_text(once);
    require(schema::redact_text(once, counts) == once);
    const auto path = schema::redact_path(text, counts);
    require(path.starts_with('/') && is_utf8(path));
    require(schema::redact_path(path, counts) == path);
}

// The secret depends on all of the input, so that the fuzzer cannot write it itself.
void judge_around(std::string_view text) {
    if (!is_utf8(text) || text.size() > 200) return;
    constexpr std::size_t long_tokens = 32;
    test::secret_maker random(static_cast<std::uint32_t>(std::hash<std::string_view>{}(text)),
                              long_tokens);
    const auto secret = random.make();
    const auto half = text.find(' ');
    const std::string around = std::string(text.substr(0, half)) + " " + secret.text + " " +
                               std::string(half == std::string_view::npos ? "" : text.substr(half));
    schema::redaction_counts counts;
    const auto left = schema::redact_text(around, counts);
    if (!test::shows(left, secret.core)) return;
    std::fprintf(stderr, "%s\n  with\n%s\n  became\n%s\n", around.c_str(), secret.text.c_str(),
                 left.c_str());
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 3) {
        case 0: judge_page(bytes); break;
        case 1: judge_redactor(bytes); break;
        default: judge_around(bytes);
    }
    return 0;
}
