#include "tests/schema/page_support.hpp"

#include "schema/limits.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace nd;
using namespace nd::test;

TEST_CASE("a page is rebuilt from what is known, in document order, and from nothing else") {
    const auto page = redacted(
        R"({"page":"/app/7?x=1","title":"Inbox","captured_at":"2026-03-01T12:00:00+01:00",)"
        R"("session_id":"s-1","app":"mine","viewport":{"w":[1,2]},"elements":[)"
        R"({"ref":7,"role":"button","name":"Save","state":{"disabled":true,"value":"x",)"
        R"("level":99},)"
        R"("parent":3,"section":"main","value":"secret","attributes":{"href":"/x"}},)"
        R"({"ref":9,"role":"listitem","name":"Alice","parent":3},)"
        R"({"ref":3,"role":"FORM","name":null,"state":null,"parent":null}]})");
    REQUIRE(page.has_value());
    CHECK(record_of(*page) ==
          R"({"page":"/app/:id","title":"Inbox","captured_at":"2026-03-01T11:00:00.000000Z",)"
          R"("session_hash":")" +
              page->session().hex() +
              R"(","elements":[{"ref":1,"role":"generic"},)"
              R"({"ref":2,"parent":1,"role":"button","name":"Save","state":{"disabled":true},)"
              R"("section":"main"},{"ref":3,"parent":1,"role":"listitem","name":"[content]"}]})");
    CHECK(page->session().hex().size() == 64);
}

TEST_CASE("a page that is none says what to change") {
    const std::string el = R"({"ref":1,"role":"button"})";
    const struct {
        std::string body;
        const char* code;
        const char* says;
    } table[] = {
        {"", "not_json", "empty"},
        {"{", "not_json", "byte 1"},
        {R"({"page":"/","elements":[{"ref":1}]} x)", "not_json", "nothing may follow"},
        {"{\"page\":\"\xff\"}", "not_json", "byte 9: this is not UTF-8"},
        {R"({"page":"/","elements":[{"ref":1,"x":tru}]})", "not_json", "value"},
        {R"({"page":"/","elements":[{"ref":01}]})", "not_json", "number"},
        {R"({"page":"a)", "not_json", "not closed"},
        {"[]", "wrong_page", "object"},
        {"{}", "wrong_page", "\"page\" and \"elements\""},
        {R"({"page":"/"})", "wrong_page", "elements"},
        {R"({"elements":[]})", "wrong_page", "page"},
        {R"({"page":"","elements":[]})", "wrong_page", "page"},
        {R"({"page":7,"elements":[]})", "wrong_page", "\"page\" must be a string"},
        {R"({"page":"/","elements":{}})", "wrong_page", "must be an array"},
        {R"({"page":"/","elements":[]})", "empty_page", "element"},
        {R"({"page":"/","page":"/","elements":[]})", "wrong_page", "twice"},
        {R"({"page":"\u0000","elements":[]})", "wrong_page", "u0000"},
        {page_of("7"), "wrong_page", "element 0: must be an object"},
        {page_of(R"({"role":"button"})"), "wrong_page", "element 0: \"ref\""},
        {page_of(el + R"(,{"ref":1.5})"), "wrong_page", "element 1: \"ref\" must be a whole"},
        {page_of(R"({"ref":-1})"), "wrong_page", "whole number"},
        {page_of(R"({"ref":4294967296})"), "wrong_page", "whole number"},
        {page_of(R"({"ref":"1"})"), "wrong_page", "whole number"},
        {page_of(R"({"ref":1,"name":["x"]})"), "wrong_page", "element 0: \"name\" must be"},
        {page_of(R"({"ref":1,"state":7})"), "wrong_page", "element 0: \"state\""},
        {page_of(R"({"ref":1,"ref":1})"), "wrong_page", "element 0: \"ref\" stands there twice"},
        {page_of(R"({"ref":1,"name":"\ud800"})"), "wrong_page", "surrogate"},
        {page_of(el, R"("captured_at":"yesterday",)"), "wrong_page", "captured_at"},
        {page_of(el, R"("captured_at":"2026-03-03T12:00:01Z",)"), "wrong_page", "24 hours ahead"},
        {page_of(el, R"("session_id":")" + std::string(257, 's') + "\","), "wrong_page", "257"},
        {page_of(el + "," + el), "duplicate_ref", "ref 1"},
        {page_of(R"({"ref":5},{"ref":5})"), "duplicate_ref", "ref 5"},
        {page_of(R"({"ref":1,"parent":2})"), "orphan_element", "element 0 has the parent 2"},
        {page_of(R"({"ref":1,"parent":1})"), "parent_cycle", "element 0 (ref 1)"},
        {page_of(R"({"ref":1},{"ref":2,"parent":3},{"ref":3,"parent":2})"), "parent_cycle",
         "element 1 (ref 2)"},
    };
    for (const auto& row : table) {
        CAPTURE(row.body);
        std::string detail;
        CHECK(code_of(row.body, &detail) == row.code);
        CHECK_MESSAGE(detail.find(row.says) != std::string::npos, detail);
    }
}

TEST_CASE("5,000 elements are a page, one more is not; a chain of all of them is no trouble") {
    std::string elements;
    for (int i = 1; i <= 5000; ++i)
        elements += fmt::format(R"({}{{"ref":{},"parent":{}}})", i == 1 ? "" : ",", i, i - 1);
    const auto page = redacted(page_of(elements));
    REQUIRE(page.has_value());
    CHECK(page->elements().back().parent == 4999);
    std::string detail;
    CHECK(code_of(page_of(elements + R"(,{"ref":5001})"), &detail) == "too_many_elements");
    CHECK(detail.find("5000 elements") != std::string::npos);
}

TEST_CASE("unknown members may hold any JSON, as deep as it likes") {
    const std::string deep = std::string(5000, '[') + std::string(5000, ']');
    CHECK(code_of(page_of(R"({"ref":1,"x":)" + deep + R"(,"\ud800":1e999,"name":"Save"})",
                          "\"y\":" + deep + R"(,"\u0000":"\u0000",)")) == "accepted");
}

TEST_CASE("the order in which elements are sent does not matter, their siblings' order does") {
    const auto first = redacted(page_of(
        R"({"ref":1,"role":"form"},{"ref":2,"parent":1,"role":"button"},{"ref":3,"role":"link"})"));
    const auto same = redacted(page_of(R"({"ref":70,"role":"form"},{"ref":9,"role":"link"},)"
                                       R"({"ref":8,"parent":70,"role":"button"})"));
    const auto other = redacted(page_of(
        R"({"ref":3,"role":"link"},{"ref":1,"role":"form"},{"ref":2,"parent":1,"role":"button"})"));
    REQUIRE((first && same && other));
    CHECK(*first == *same);
    CHECK(!(*first == *other));
}

TEST_CASE("a name is kept where the product authors it") {
    for (const auto* role : {"button", "link", "tab", "menuitem", "checkbox", "switch", "textbox",
                             "navigation", "heading", "dialog", "columnheader", "region"})
        CHECK_MESSAGE(name_of(role, "Save") == "Save", role);
    for (const auto* role : {"row", "cell", "listitem", "option", "article", "image", "img",
                             "paragraph", "gridcell", "treeitem", "alert", "status", "tooltip"})
        CHECK_MESSAGE(name_of(role, "Save") == "[content]", role);
    for (const auto* role : {"generic", "none", "presentation", "", "madeup", "Button"})
        CHECK_MESSAGE(name_of(role, "Save") == "", role);
    CHECK(name_of("heading", "Save", R"({"level":2})") == "Save");
    CHECK(name_of("heading", "Save", R"({"level":3})") == "[content]");
    CHECK(name_of("heading", "Save", R"({"aria-level":"3"})") == "[content]");
    CHECK(name_of("row", "") == "");
}

TEST_CASE("states are booleans and words of a list") {
    const auto state = [](const std::string& of) {
        const auto page = redacted(page_of(R"({"ref":1,"role":"button","state":)" + of + "}"));
        std::string json;
        page->elements().front().state.append_json(json);
        return json;
    };
    CHECK(state("{}") == "{}");
    CHECK(state(R"({"pressed":"mixed","expanded":false,"hasPopup":"menu","aria-Busy":"true"})") ==
          R"({"busy":true,"expanded":false,"haspopup":"menu","pressed":"mixed"})");
    CHECK(state(R"({"checked":"alice","valuetext":"x","value":7,"level":10,"label":"a"})") == "{}");
    CHECK(state(R"({"checked":{"a":true},"expanded":[true],"selected":null})") == "{}");
}
