// Secrets planted in every field of a page, and anything at all where the product's authors do not
// write: none of it is ever in what leaves the edge.
#include "schema/model_page.hpp"
#include "schema/page_fingerprint.hpp"
#include "tests/schema/page_support.hpp"
#include "tests/schema/planted_secrets.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

using namespace nd;
using namespace nd::test;

namespace {

// More of them, and others, with ND_TEST_ROUNDS.
int rounds() {
    const char* more = std::getenv("ND_TEST_ROUNDS");
    return more == nullptr ? 1000 : std::atoi(more);
}

// Words that share no six characters with what is planted, except by chance.
const std::vector<std::string> words = {"Save", "Open", "Edit", "to", "of", "New", "Tab", "all"};

std::string around(secret_maker& random, const std::string& secret) {
    const auto word = [&] { return words[random.below(words.size())]; };
    switch (random.below(6)) {
        case 0: return secret;
        case 1: return word() + " " + secret;
        case 2: return secret + " " + word();
        case 3: return word() + " (" + secret + ")";
        case 4: return word() + ": " + secret + ", " + word();
        default: return word() + " '" + secret + "' " + word();
    }
}

struct planted_page {
    std::string body;
    std::vector<planted> secrets;
};

const char* const authored[] = {"button",       "link",   "tab",     "menuitem",
                                "checkbox",     "switch", "textbox", "heading",
                                "columnheader", "region", "dialog"};
const char* const content[] = {"row", "cell", "listitem", "option", "article", "img", "made-up"};

// As a program puts a value into a path: as one segment.
std::string one_segment(std::string text) {
    for (auto at = text.find('/'); at != std::string::npos; at = text.find('/', at))
        text.replace(at, 1, "%2F");
    return text;
}

planted_page plant(secret_maker& random) {
    planted_page made;
    const auto secret = [&] { return made.secrets.emplace_back(random.make()).text; };
    const auto anything = [&] { return made.secrets.emplace_back(random.content()).text; };
    const auto element = [&](int ref, const std::string& role, const std::string& name) {
        return fmt::format(R"({{"ref":{},"role":"{}","name":"{}","section":"{}",)"
                           R"("state":{{"checked":"{}","{}":true,)"
                           R"("pressed":true}},"value":"{}","text":{{"deep":["{}"]}}}})",
                           ref, role, name, around(random, secret()), anything(), anything(),
                           anything(), anything());
    };
    std::string elements;
    for (int i = 1; i <= 6; ++i) {
        const bool keeps = i % 2 == 0;
        const std::string role = keeps ? authored[random.below(std::size(authored))]
                                       : content[random.below(std::size(content))];
        elements +=
            (i > 1 ? "," : "") + element(i, role, keeps ? around(random, secret()) : anything());
    }
    elements += "," + element(7, anything(), anything());
    made.body =
        fmt::format(R"({{"page":"/app/{}/x?q={}#{}","title":"{}","session_id":"{}","user":"{}",)"
                    R"("elements":[{}]}})",
                    one_segment(around(random, secret())), secret(), secret(),
                    around(random, secret()), anything(), anything(), elements);
    return made;
}

}  // namespace

TEST_CASE("no planted secret is in the record, whatever kind and wherever it was") {
    secret_maker random(20'260'301u + static_cast<unsigned>(rounds()));
    std::size_t secrets = 0;
    std::size_t shown = 0;
    for (int round = 0; round < rounds(); ++round) {
        const auto from = plant(random);
        const auto page = redacted(from.body);
        REQUIRE_MESSAGE(page.has_value(), from.body);
        const auto record = record_of(*page);
        // A text at a time: what two of them show together is nothing.
        std::vector<std::string> texts{page->page(), page->title()};
        for (const auto& one : page->elements()) {
            texts.emplace_back(one.name);
            texts.emplace_back(one.section);
        }
        for (const auto& secret : from.secrets) {
            ++secrets;
            const bool out =
                std::ranges::any_of(texts, [&](auto& text) { return shows(text, secret.core); }) ||
                record.find(secret.text) != std::string::npos;
            if (out) ++shown;
            CHECK_MESSAGE(!out, secret.text, "   in   ", record);
        }
    }
    MESSAGE(secrets, " planted, ", shown, " shown");
}

TEST_CASE("redacting what was redacted changes nothing") {
    secret_maker random(7);
    schema::page_record_reader reader;
    for (int round = 0; round < 500; ++round) {
        const auto page = redacted(plant(random).body);
        REQUIRE(page.has_value());
        const auto again = reader.read(record_of(*page));
        REQUIRE_MESSAGE(again.has_value(), record_of(*page));
        CHECK(record_of(*again) == record_of(*page));
        CHECK(*again == *page);
    }
}

TEST_CASE("any bytes at all as a text come out as UTF-8 that stays as it is") {
    secret_maker random(11);
    const std::string_view marks = "@:/.?=&#%+-_ ()[]{}\"'\\<>0123456789aZ\x01\x7f";
    for (int round = 0; round < 5'000; ++round) {
        std::string text = random.some(marks, random.below(60));
        if (round % 3 == 0) text += random.make().text + random.some(marks, random.below(9));
        if (round % 50 == 0) text += std::string(2000, text.empty() ? 'x' : text.back());
        schema::redaction_counts counts;
        const auto once = schema::redact_text(text, counts);
        CHECK(schema::redact_text(once, counts) == once);
        CHECK(once.size() <= schema::max_page_text);
        CHECK(std::ranges::none_of(once, [](unsigned char c) { return c < ' ' || c == 0x7f; }));
    }
}
