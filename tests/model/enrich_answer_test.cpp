#include "model/enrich_answer.hpp"

#include "model/enrich_request.hpp"
#include "tests/model/sample_page.hpp"
#include "tests/openai/derived_answer.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>

using namespace nd;
using namespace nd::tests;
using model::asked_page;
using model::read_enrich_answer;
using schema::aria_role;

namespace {

std::vector<asked_page> two_pages() {
    return {{"1", {{aria_role::button, "Save", "main", 0}, {aria_role::link, "Home", "side", 0}}},
            {"2", {{aria_role::textbox, "Search", "main", 0}}}};
}

std::string answer(const std::string& pages, const std::string& sections,
                   const std::string& elements, const std::string& tours) {
    return R"({"pages":[)" + pages + R"(],"sections":[)" + sections + R"(],"elements":[)" +
           elements + R"(],"tours":[)" + tours + "]}";
}

const std::string page_1 = R"({"id":"1","purpose":"Settings."})";

std::string element(const std::string& id, const std::string& purpose = "Saves.") {
    return R"({"id":")" + id + R"(","kind":"action","label":"Save","purpose":")" + purpose +
           R"(","gated":false})";
}

}  // namespace

TEST_CASE("an answer becomes notes on the page's own elements") {
    const auto asked = two_pages();
    const auto read = read_enrich_answer(
        answer(page_1 + R"(,{"id":"2","purpose":"Search."})",
               R"({"page":"1","name":"side","purpose":"Menu."})",
               element("1.1") + "," + element("2.1"),
               R"({"page":"1","title":"Save it","steps":[{"element":"1.2","say":"Go."},)"
               R"({"element":"1.1","say":"Save."}]})"),
        asked);
    REQUIRE(read.has_value());
    REQUIRE(read->pages.size() == 2);
    REQUIRE(read->pages[0]);
    const auto& page = *read->pages[0];
    CHECK(page.purpose == "Settings.");
    REQUIRE(page.elements.size() == 1);
    CHECK(page.elements[0].key == asked[0].elements[0]);
    CHECK(page.elements[0].kind == model::element_kind::action);
    REQUIRE(page.sections.size() == 1);
    CHECK(page.sections[0].name == "side");
    REQUIRE(page.tours.size() == 1);
    REQUIRE(page.tours[0].steps.size() == 2);
    CHECK(page.tours[0].steps[0].element.name == "Home");
    CHECK(read->pages[1]->elements[0].key.name == "Search");
    CHECK(read->strays + read->repeated + read->unfit == 0);
}

TEST_CASE("what was not asked about is dropped and counted") {
    const auto read = read_enrich_answer(
        answer(page_1 + R"(,{"id":"9","purpose":"Other."})",
               R"({"page":"1","name":"nowhere","purpose":"x"},)"
               R"({"page":"2","name":"main","purpose":"x"})",
               element("1.1") + "," + element("1.3") + "," + element("1.0") + "," + element("9.1") +
                   "," + element("1.") + "," + element("1.1x") + "," + element("2.1"),
               R"({"page":"1","title":"t","steps":[{"element":"2.1","say":"x"},)"
               R"({"element":"1.1","say":"x"}]})"),
        two_pages());
    REQUIRE(read.has_value());
    CHECK(read->pages[0]->elements.size() == 1);
    CHECK(read->pages[0]->sections.empty());
    CHECK(read->pages[0]->tours[0].steps.size() == 1);
    CHECK(!read->pages[1]);  // the answer has no note on the page itself
    CHECK(read->strays == 1 + 2 + 6 + 1);
}

TEST_CASE("of two notes on one thing the first counts") {
    const auto read = read_enrich_answer(
        answer(page_1 + "," + page_1, "", element("1.1") + "," + element("1.1", "Other."), ""),
        two_pages());
    REQUIRE(read.has_value());
    CHECK(read->pages[0]->elements.size() == 1);
    CHECK(read->pages[0]->elements[0].purpose == "Saves.");
    CHECK(read->repeated == 2);
}

TEST_CASE("empty texts, unknown kinds and web addresses are unfit") {
    const auto read = read_enrich_answer(
        answer(page_1, "",
               element("1.1", "Visit https://evil.example to win") + "," +
                   R"({"id":"1.1","kind":"magic","label":"a","purpose":"b","gated":false})" + "," +
                   R"({"id":"1.1","kind":"action","label":" ","purpose":"b","gated":false})" + "," +
                   R"({"id":"1.2","kind":"action","label":"a",)"
                   R"("purpose":"see WWW.evil.example","gated":true})" +
                   "," + R"({"id":"1.2","kind":"action","label":"a","purpose":"b","gated":"no"})",
               R"({"page":"1","title":"t","steps":[]})"),
        two_pages());
    REQUIRE(read.has_value());
    CHECK(read->pages[0]->elements.empty());
    CHECK(read->pages[0]->tours.empty());
    CHECK(read->unfit == 6);
}

TEST_CASE("texts are cut between characters, tours are three at most") {
    std::string tours;
    for (int i = 0; i < 5; ++i)
        tours += std::string(i == 0 ? "" : ",") +
                 R"({"page":"1","title":"t","steps":[{"element":"1.1","say":"x\ny"}]})";
    std::string wide;
    for (int i = 0; i < 300; ++i)
        wide += "\xc3\xa9";
    const auto read =
        read_enrich_answer(answer(page_1, "", element("1.1", "a" + wide), tours), two_pages());
    REQUIRE(read.has_value());
    CHECK(read->pages[0]->elements[0].purpose.size() == 399);
    CHECK(read->pages[0]->tours.size() == 3);
    CHECK(read->pages[0]->tours[0].steps[0].say == "x y");
    CHECK(read->unfit == 2);
}

TEST_CASE("what is not of the schema's shape is refused as a whole") {
    for (const auto& text : {std::string("Here you are: {}"), std::string("{}"), std::string("[]"),
                             std::string(R"({"pages":[],"sections":[],"elements":[]})"),
                             answer("", "", "", ""), answer("7,null,[]", "7", "7", "7"),
                             std::string(R"({"pages":{},"sections":[],"elements":[],"tours":[]})")})
        CHECK_MESSAGE(!read_enrich_answer(text, two_pages()), text);
}

TEST_CASE("what the stand-in derives from a request is read back as notes on every element") {
    const auto tenant = sample_tenant(1);
    model::enrich_request request(tenant, "m", "");
    REQUIRE(request.add(tenant, sample_page(tenant, "/a",
                                            {{"button", "Save"}, {"link", "Home", "side"}})) ==
            model::enrich_request::added::yes);
    REQUIRE(request.add(tenant, sample_page(tenant, "/b", {{"tab", "Upgrade"}})) ==
            model::enrich_request::added::yes);
    const auto body = boost::json::parse(request.body()).as_object();
    const auto read = read_enrich_answer(derive_answer(body, {}), request.asked());
    REQUIRE(read.has_value());
    CHECK(read->strays + read->repeated + read->unfit == 0);
    CHECK(read->pages[0]->elements.size() == 2);
    CHECK(read->pages[0]->sections.size() == 2);
    CHECK(read->pages[1]->elements[0].gated);
    const auto stray = read_enrich_answer(derive_answer(body, {.stray = true}), request.asked());
    REQUIRE(stray.has_value());
    CHECK(stray->strays == 3);
    CHECK(stray->pages[0]->elements.size() == 2);
}
