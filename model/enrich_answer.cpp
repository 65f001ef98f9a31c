#include "model/enrich_answer.hpp"

#include "model/json_view.hpp"
#include "model/short_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string>
#include <utility>

namespace nd::model {
namespace json = boost::json;

namespace {

constexpr std::array<std::pair<element_kind, std::string_view>, 7> kinds{
    {{element_kind::action, "action"},
     {element_kind::navigation, "navigation"},
     {element_kind::input, "input"},
     {element_kind::choice, "choice"},
     {element_kind::display, "display"},
     {element_kind::container, "container"},
     {element_kind::other, "other"}}};

constexpr std::size_t most_label = 120;
constexpr std::size_t most_sentence = 400;
constexpr std::size_t most_tours = 3;
constexpr std::size_t most_steps = 8;

std::string lower(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return made;
}

bool has_address(std::string_view text) {
    const auto plain = lower(text);
    for (const auto* mark : {"://", "www.", "javascript:", "mailto:", "<script"})
        if (plain.find(mark) != std::string::npos) return true;
    return false;
}

class reader {
  public:
    explicit reader(const std::vector<asked_page>& asked) : asked_(asked) {
        made_.pages.resize(asked.size());
        noted_.resize(asked.size());
    }

    void take_page(const json::value& from) {
        const auto place = page_place(text_of(from, "id"));
        const auto purpose = sentence(from, "purpose", most_sentence);
        if (!place || !purpose) return;
        if (made_.pages[*place]) return repeat();
        made_.pages[*place].emplace().purpose = *purpose;
    }

    void take_section(const json::value& from) {
        auto* page = page_of(text_of(from, "page"));
        auto purpose = sentence(from, "purpose", most_sentence);
        if (page == nullptr || !purpose) return;
        const auto name = text_of(from, "name");
        const auto& elements = asked_[place_of(page)].elements;
        const auto found = std::find_if(elements.begin(), elements.end(), [&](const auto& one) {
            return !name.empty() && short_text(one.section, most_section) == name;
        });
        if (found == elements.end()) return stray();
        const bool again = std::any_of(page->sections.begin(), page->sections.end(),
                                       [&](const auto& one) { return one.name == found->section; });
        if (again) return repeat();
        page->sections.push_back({found->section, std::move(*purpose)});
    }

    void take_element(const json::value& from) {
        const auto where = element_place(text_of(from, "id"));
        if (!where) return stray();
        auto& page = made_.pages[where->first];
        if (!page) return stray();
        const auto kind = parse_element_kind(text_of(from, "kind"));
        const auto* gated = member_of(from, "gated");
        auto label = sentence(from, "label", most_label);
        auto purpose = label ? sentence(from, "purpose", most_sentence) : std::nullopt;
        if (!label || !purpose) return;
        if (!kind || gated == nullptr || !gated->is_bool()) return unfit();
        if (!noted_[where->first].insert(where->second).second) return repeat();
        page->elements.push_back({asked_[where->first].elements[where->second], *kind,
                                  std::move(*label), std::move(*purpose), gated->get_bool()});
    }

    void take_tour(const json::value& from) {
        auto* page = page_of(text_of(from, "page"));
        auto title = sentence(from, "title", most_label);
        const auto* steps = list_of(from, "steps");
        if (page == nullptr || !title) return;
        if (steps == nullptr) return unfit();
        if (page->tours.size() == most_tours) return unfit();
        tour made{std::move(*title), {}};
        for (const auto& step : *steps)
            take_step(step, place_of(page), made);
        if (made.steps.empty()) return unfit();
        page->tours.push_back(std::move(made));
    }

    enrich_answer take_result() { return std::move(made_); }

  private:
    void stray() { ++made_.strays; }
    void repeat() { ++made_.repeated; }
    void unfit() { ++made_.unfit; }

    // nullopt, and counted: it is no text, says nothing, or has an address in it.
    std::optional<std::string> sentence(const json::value& from, std::string_view name,
                                        std::size_t most) {
        auto text = short_text(text_of(from, name), most);
        const bool empty = text.find_first_not_of(' ') == std::string::npos;
        if (!empty && !has_address(text)) return text;
        unfit();
        return std::nullopt;
    }

    std::optional<std::size_t> page_place(std::string_view id) {
        for (std::size_t i = 0; i < asked_.size(); ++i)
            if (asked_[i].id == id) return i;
        stray();
        return std::nullopt;
    }

    // One that is noted already: its own note comes first in the answer.
    page_notes* page_of(std::string_view id) {
        const auto place = page_place(id);
        if (!place) return nullptr;
        if (made_.pages[*place]) return &*made_.pages[*place];
        stray();
        return nullptr;
    }

    std::size_t place_of(const page_notes* page) const {
        std::size_t place = 0;
        while (!made_.pages[place] || &*made_.pages[place] != page)
            ++place;
        return place;
    }

    // "<page>.<n>"
    [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> element_place(
        std::string_view id) const {
        for (std::size_t i = 0; i < asked_.size(); ++i) {
            const auto& page = asked_[i];
            if (!id.starts_with(page.id + ".")) continue;
            const auto text = id.substr(page.id.size() + 1);
            std::size_t number = 0;
            const auto* end = text.data() + text.size();
            const auto [stop, ec] = std::from_chars(text.data(), end, number);
            if (ec == std::errc() && stop == end && number >= 1 && number <= page.elements.size())
                return std::pair(i, number - 1);
        }
        return std::nullopt;
    }

    void take_step(const json::value& from, std::size_t page, tour& into) {
        const auto where = element_place(text_of(from, "element"));
        if (!where || where->first != page) return stray();
        auto say = sentence(from, "say", most_sentence);
        if (!say) return;
        if (into.steps.size() == most_steps) return unfit();
        into.steps.push_back({asked_[page].elements[where->second], std::move(*say)});
    }

    const std::vector<asked_page>& asked_;
    enrich_answer made_;
    std::vector<std::set<std::size_t>> noted_;  // elements, by page
};

}  // namespace

std::string_view to_string(element_kind kind) noexcept {
    for (const auto& [one, name] : kinds)
        if (one == kind) return name;
    return "";
}

std::optional<element_kind> parse_element_kind(std::string_view name) noexcept {
    for (const auto& [kind, one] : kinds)
        if (one == name) return kind;
    return std::nullopt;
}

base::result<enrich_answer> read_enrich_answer(std::string_view text,
                                               const std::vector<asked_page>& asked) {
    const auto wrong = [](const char* why) { return base::failure(base::errc::data, why); };
    const auto read = parse_json(text);
    if (!read) return wrong("the model's text is no JSON");
    const auto* pages = list_of(*read, "pages");
    const auto* sections = list_of(*read, "sections");
    const auto* elements = list_of(*read, "elements");
    const auto* tours = list_of(*read, "tours");
    if (pages == nullptr || sections == nullptr || elements == nullptr || tours == nullptr)
        return wrong("the model's JSON lacks pages, sections, elements or tours");
    reader into(asked);
    for (const auto& one : *pages)
        into.take_page(one);
    for (const auto& one : *sections)
        into.take_section(one);
    for (const auto& one : *elements)
        into.take_element(one);
    for (const auto& one : *tours)
        into.take_tour(one);
    auto made = into.take_result();
    const bool some = std::any_of(made.pages.begin(), made.pages.end(),
                                  [](const auto& page) { return page.has_value(); });
    if (!some) return wrong("the model's JSON says nothing about the pages asked about");
    return made;
}

}  // namespace nd::model
