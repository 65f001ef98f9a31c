#include "schema/aria_role.hpp"

#include "schema/byte_words.hpp"

#include <array>

namespace nd::schema {
namespace {

struct role_kind {
    std::string_view name;
    naming names;
};

constexpr naming authored = naming::authored;
constexpr naming content = naming::content;
constexpr naming nameless = naming::nameless;

// What a product labels is authored: controls, landmarks, and the containers around them. What it
// shows is content, and so is what speaks of it (alerts, tool tips, pictures). When in doubt:
// content.
constexpr std::array<role_kind, aria_role_count> kinds = {{
    {"generic", nameless},
    {"alert", content},
    {"alertdialog", authored},
    {"application", authored},
    {"article", content},
    {"audio", content},
    {"banner", authored},
    {"blockquote", content},
    {"button", authored},
    {"caption", content},
    {"cell", content},
    {"checkbox", authored},
    {"code", content},
    {"columnheader", authored},
    {"combobox", authored},
    {"comment", content},
    {"complementary", authored},
    {"contentinfo", authored},
    {"definition", content},
    {"deletion", content},
    {"dialog", authored},
    {"directory", content},
    {"document", content},
    {"emphasis", content},
    {"feed", content},
    {"figure", content},
    {"form", authored},
    {"graphics-document", content},
    {"graphics-object", content},
    {"graphics-symbol", content},
    {"grid", authored},
    {"gridcell", content},
    {"group", authored},
    {"heading", authored},
    {"img", content},
    {"insertion", content},
    {"link", authored},
    {"list", authored},
    {"listbox", authored},
    {"listitem", content},
    {"log", content},
    {"main", authored},
    {"mark", content},
    {"marquee", content},
    {"math", content},
    {"menu", authored},
    {"menubar", authored},
    {"menuitem", authored},
    {"menuitemcheckbox", authored},
    {"menuitemradio", authored},
    {"meter", authored},
    {"navigation", authored},
    {"none", nameless},
    {"note", content},
    {"option", content},
    {"paragraph", content},
    {"progressbar", authored},
    {"radio", authored},
    {"radiogroup", authored},
    {"region", authored},
    {"row", content},
    {"rowgroup", content},
    {"rowheader", content},
    {"scrollbar", authored},
    {"search", authored},
    {"searchbox", authored},
    {"separator", nameless},
    {"slider", authored},
    {"spinbutton", authored},
    {"status", content},
    {"strong", content},
    {"subscript", content},
    {"suggestion", content},
    {"superscript", content},
    {"switch", authored},
    {"tab", authored},
    {"table", authored},
    {"tablist", authored},
    {"tabpanel", authored},
    {"term", content},
    {"textbox", authored},
    {"time", content},
    {"timer", content},
    {"toolbar", authored},
    {"tooltip", content},
    {"tree", authored},
    {"treegrid", authored},
    {"treeitem", content},
    {"video", content},
}};
static_assert(kinds.back().name == "video");  // none is missing
static_assert(kinds[static_cast<std::size_t>(aria_role::option)].name == "option");
static_assert(kinds[static_cast<std::size_t>(aria_role::toggle_switch)].name == "switch");

// A page has hundreds of roles to look up: one probe finds most of them.
constexpr std::size_t slot_count = 256;
constexpr std::uint8_t empty_slot = 255;

constexpr std::size_t slot_of(std::string_view name) {
    const auto at = [name](std::size_t i) -> std::size_t {
        return static_cast<unsigned char>(name[i]);
    };
    return (name.size() * 37 + at(0) * 5 + at(name.size() / 2) * 11 + at(name.size() - 1) * 3) %
           slot_count;
}

constexpr std::array<std::uint8_t, slot_count> make_slots() {
    std::array<std::uint8_t, slot_count> made{};
    for (auto& slot : made)
        slot = empty_slot;
    for (std::size_t role = 0; role < kinds.size(); ++role) {
        std::size_t slot = slot_of(kinds[role].name);
        while (made[slot] != empty_slot)
            slot = (slot + 1) % slot_count;
        made[slot] = static_cast<std::uint8_t>(role);
    }
    return made;
}
constexpr auto slots = make_slots();

}  // namespace

std::string_view to_string(aria_role role) noexcept {
    return kinds[static_cast<std::size_t>(role)].name;
}

std::optional<aria_role> parse_aria_role(std::string_view name) noexcept {
    if (name.empty()) return std::nullopt;
    for (std::size_t slot = slot_of(name); slots[slot] != empty_slot;
         slot = (slot + 1) % slot_count) {
        if (same_text(kinds[slots[slot]].name, name)) return static_cast<aria_role>(slots[slot]);
    }
    if (name == "image") return aria_role::img;
    if (name == "presentation") return aria_role::none;
    return std::nullopt;
}

naming naming_of(aria_role role, unsigned level) noexcept {
    if (role == aria_role::heading && level > 2) return content;
    return kinds[static_cast<std::size_t>(role)].names;
}

}  // namespace nd::schema
