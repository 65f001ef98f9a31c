#include "tests/schema/page_support.hpp"

#include "schema/model_page.hpp"
#include "schema/page_fingerprint.hpp"

#include <doctest/doctest.h>

#include <optional>

#include <concepts>
#include <map>
#include <set>

using namespace nd;
using namespace nd::test;

// Nobody but the redactor makes a safe page, nobody but visible_to_model what the model sees.
static_assert(!std::default_initializable<schema::safe_page>);
static_assert(!std::is_aggregate_v<schema::safe_page>);
static_assert(!std::constructible_from<schema::safe_page, schema::raw_page>);
static_assert(!std::default_initializable<schema::model_page>);
static_assert(!std::constructible_from<schema::model_page, schema::safe_page>);

namespace {

schema::safe_page page(std::string_view elements, std::string_view more = "") {
    return redacted(page_of(elements, more)).value();
}

std::string fingerprint(std::string_view elements, std::string_view more = "",
                        std::uint8_t of = 1) {
    return to_string(schema::fingerprint_of(tenant(of), page(elements, more)));
}

std::string read_error(std::string_view record) {
    schema::page_record_reader reader;
    const auto read = reader.read(record);
    return read ? "read" : read.error().detail;
}

}  // namespace

TEST_CASE("a record that somebody else wrote is redacted when it is read") {
    schema::page_record_reader reader;
    const auto read = reader.read(
        R"({"page":"/users/42","captured_at":"2026-03-01T12:00:00Z","session_id":"s-1",)"
        R"("elements":[{"ref":1,"role":"row","name":"Alice"},)"
        R"({"ref":2,"role":"button","name":"Write to alice@example.com","x":"y"}]})");
    REQUIRE(read.has_value());
    CHECK(read->page() == "/users/:id");
    CHECK(read->session().hex().empty());  // an id in the clear is not taken over
    CHECK(read->elements()[0].name == "[content]");
    CHECK(read->elements()[1].name == "Write to [email]");
}

TEST_CASE("a record that is no page is dead, with the reason") {
    const std::string time = R"("captured_at":"2026-03-01T12:00:00Z",)";
    CHECK(read_error("").starts_with("not_json: "));
    CHECK(read_error("\xff").starts_with("not_json: "));
    CHECK(read_error(page_of(R"({"ref":1})")) == "wrong_page: \"captured_at\" must be given");
    CHECK(read_error(page_of(R"({"ref":1,"parent":2})", time)).starts_with("orphan_element: "));
    CHECK(read_error(page_of(R"({"ref":1})", time + R"("session_hash":"s-1",)"))
              .starts_with("wrong_page: \"session_hash\""));
    CHECK(read_error(page_of(R"({"ref":1})", R"("captured_at":"2100-01-01T00:00:00Z",)")) ==
          "read");  // the edge judged the time
}

TEST_CASE(
    "a copy of a page keeps its texts when the page is gone, and so does one that was moved") {
    const std::string name =
        "Open the list of all that was ever saved here, and then close it again";
    const auto made_of = [&] {
        return page(R"({"ref":1,"role":"button","section":"the bar","name":")" + name + "\"}");
    };
    std::optional<schema::safe_page> first(made_of());
    const schema::safe_page copied = *first;
    const schema::safe_page moved = std::move(*first);
    first.reset();
    static_cast<void>(page(R"({"ref":1,"role":"button","name":"something else"})"));
    for (const auto& one : {copied, moved}) {
        CHECK(one.elements()[0].name == name);
        CHECK(one.elements()[0].section == "the bar");
        CHECK(one == made_of());
    }
}

TEST_CASE("the texts of a record are escaped and read back") {
    const auto made =
        page(R"({"ref":1,"role":"button","name":"Say \"C:\\\" \u00e9 \ud83d\ude00"})");
    CHECK(made.elements()[0].name == "Say \"C:\\\" \xc3\xa9 \xf0\x9f\x98\x80");
    schema::page_record_reader reader;
    const auto read = reader.read(record_of(made));
    REQUIRE(read.has_value());
    CHECK(*read == made);
}

TEST_CASE("a session is kept as a hash that another tenant's has nothing in common with") {
    schema::session_hasher hasher(std::string(32, 'p'));
    schema::session_hasher other(std::string(32, 'q'));
    const auto hash = hasher(tenant(1), "s-1");
    CHECK(hash.hex().size() == 64);
    CHECK(hash == hasher(tenant(1), "s-1"));
    CHECK(!(hash == hasher(tenant(1), "s-2")));
    CHECK(!(hash == hasher(tenant(2), "s-1")));
    CHECK(!(hash == other(tenant(1), "s-1")));
    CHECK(schema::session_hash::parse(hash.hex()) == hash);
    CHECK(!schema::session_hash::parse("s-1"));
    CHECK(!schema::session_hash::parse(std::string(64, 'G')));
}

TEST_CASE("the fingerprint is of the structure: not of refs, states, times, sessions, numbers") {
    const auto* button = R"({"ref":1,"role":"button","name":"Tab 17"})";
    const auto same = fingerprint(button);
    CHECK(same.size() == 64);
    CHECK(fingerprint(R"({"ref":9,"role":"button","name":"Tab 17","state":{"pressed":true}})") ==
          same);
    CHECK(fingerprint(button, R"("captured_at":"2026-01-01T00:00:00Z","session_id":"x",)") == same);
    CHECK(fingerprint(R"({"ref":1,"role":"button","name":"Tab 1234"})") ==
          fingerprint(R"({"ref":1,"role":"button","name":"Tab 98765"})"));
    std::set<std::string> all{same, fingerprint(button, "", 2),
                              fingerprint(button, R"("title":"x",)")};
    for (const auto* other : {R"({"ref":1,"role":"link","name":"Tab 17"})",
                              R"({"ref":1,"role":"button","name":"Tab 18"})",
                              R"({"ref":1,"role":"button","name":"Tab 1234"})",
                              R"({"ref":1,"role":"button","name":"Tab 17","section":"main"})",
                              R"({"ref":1,"role":"button","section":"Tab 17"})",
                              R"({"ref":1,"role":"button","name":"Tab 17"},{"ref":2})",
                              R"({"ref":1,"role":"button","name":"Tab 17"},{"ref":2,"parent":1})"})
        all.insert(fingerprint(other));
    CHECK(all.size() == 10);
    const auto parsed = schema::parse_page_fingerprint(same);
    REQUIRE(parsed.has_value());
    CHECK(to_string(*parsed) == same);
    CHECK(!schema::parse_page_fingerprint("abc"));
    CHECK(!schema::parse_page_fingerprint(std::string(64, 'g')));
}

TEST_CASE("the model sees a text once it was seen, and the rest of the structure always") {
    const auto made =
        page(R"({"ref":1,"role":"region","section":"Sidebar"},)"
             R"({"ref":2,"parent":1,"role":"button","name":"Delete mail from Alice"},)"
             R"({"ref":3,"parent":1,"role":"button","name":"Save"},)"
             R"({"ref":4,"parent":1,"role":"row","name":"x"},)"
             R"({"ref":5,"parent":1,"role":"button","name":"Save"})",
             R"("title":"Inbox of Alice",)");
    std::multiset<std::string> told;
    each_text(made, [&](const schema::page_text& text) { told.emplace(text.text); });
    CHECK(told == std::multiset<std::string>{"/app", "Inbox of Alice", "Sidebar", "Save", "Save",
                                             "Delete mail from Alice"});
    const auto seen = [](const schema::page_text& text) {
        return text.text == "Save" || text.text == "/app";
    };
    const auto view = schema::visible_to_model(tenant(1), made, seen);
    CHECK(view.page() == "/app");
    CHECK(view.title() == "[unseen]");
    REQUIRE(view.elements().size() == 5);
    CHECK(view.elements()[0].key.section == "[unseen]");
    CHECK(view.elements()[1].key.name == "[unseen]");
    CHECK(view.elements()[2].key.name == "Save");
    CHECK(view.elements()[2].key.ordinal == 0);
    CHECK(view.elements()[3].key.name == "[content]");
    CHECK(view.elements()[4].key.ordinal == 1);
    CHECK(view.elements()[4].parent == 1);
    CHECK(schema::keys_of(made)[1].name == "Delete mail from Alice");
    CHECK(schema::keys_of(made)[4].ordinal == 1);
}

TEST_CASE("pages that look the same to the model have one fingerprint there, per tenant") {
    const auto of = [](std::string_view name, std::uint8_t whose = 1) {
        const auto made = page(R"({"ref":1,"role":"button","name":")" + std::string(name) + "\"}");
        const auto view = schema::visible_to_model(
            tenant(whose), made, [](const schema::page_text& text) { return text.text == "Save"; });
        return to_string(view.fingerprint());
    };
    CHECK(of("Delete mail from Alice") == of("Delete mail from Bob"));
    CHECK(of("Save") != of("Delete mail from Bob"));
    CHECK(of("Save") != of("Save", 2));
    CHECK(of("Save") != fingerprint(R"({"ref":1,"role":"button","name":"Save"})"));
}

TEST_CASE("a text is counted by its kind, role, tenant and every character") {
    using kind = schema::page_text::kind;
    const schema::page_text save{kind::name, schema::aria_role::button, "Order 4711"};
    std::set<base::sha256_digest> keys{text_key(tenant(1), save), text_key(tenant(2), save)};
    keys.insert(text_key(tenant(1), {kind::name, schema::aria_role::link, "Order 4711"}));
    keys.insert(text_key(tenant(1), {kind::title, schema::aria_role::generic, "Order 4711"}));
    keys.insert(text_key(tenant(1), {kind::name, schema::aria_role::button, "Order 4712"}));
    CHECK(keys.size() == 5);
    CHECK(text_key(tenant(1), save) == text_key(tenant(1), save));
}

TEST_CASE("every role has its ARIA name, and is found by it") {
    for (std::size_t i = 0; i < schema::aria_role_count; ++i) {
        const auto role = static_cast<schema::aria_role>(i);
        CHECK(schema::parse_aria_role(to_string(role)) == role);
    }
    CHECK(schema::parse_aria_role("image") == schema::aria_role::img);
    CHECK(schema::parse_aria_role("presentation") == schema::aria_role::none);
    for (const auto* none : {"", "Button", "button ", "btn", "alice@example.com"})
        CHECK(!schema::parse_aria_role(none));
}
