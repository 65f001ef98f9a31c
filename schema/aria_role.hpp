// The roles of ARIA 1.2 and of HTML's accessibility mapping, and what each role's name may be: text
// that the product's authors wrote, or what the person at the screen is working on. Pure; called by
// the page redactor. A role that is not listed is `generic`, which has no name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nd::schema {

enum class aria_role : std::uint8_t {
    generic,
    alert,
    alertdialog,
    application,
    article,
    audio,
    banner,
    blockquote,
    button,
    caption,
    cell,
    checkbox,
    code,
    columnheader,
    combobox,
    comment,
    complementary,
    contentinfo,
    definition,
    deletion,
    dialog,
    directory,
    document,
    emphasis,
    feed,
    figure,
    form,
    graphics_document,
    graphics_object,
    graphics_symbol,
    grid,
    gridcell,
    group,
    heading,
    img,
    insertion,
    link,
    list,
    listbox,
    listitem,
    log,
    main,
    mark,
    marquee,
    math,
    menu,
    menubar,
    menuitem,
    menuitemcheckbox,
    menuitemradio,
    meter,
    navigation,
    none,
    note,
    option,
    paragraph,
    progressbar,
    radio,
    radiogroup,
    region,
    row,
    rowgroup,
    rowheader,
    scrollbar,
    search,
    searchbox,
    separator,
    slider,
    spinbutton,
    status,
    strong,
    subscript,
    suggestion,
    superscript,
    toggle_switch,  // "switch" is a word of C++
    tab,
    table,
    tablist,
    tabpanel,
    term,
    textbox,
    time,
    timer,
    toolbar,
    tooltip,
    tree,
    treegrid,
    treeitem,
    video,
};
inline constexpr std::size_t aria_role_count = 89;

enum class naming : std::uint8_t {
    authored,  // the product's own words: kept, redacted
    content,   // whatever people put there: becomes `[content]`
    nameless,  // ARIA forbids a name, or it would say nothing: dropped
};

// As ARIA spells it.
[[nodiscard]] std::string_view to_string(aria_role role) noexcept;
// ARIA's spelling, and the other words in use for the same (`image`, `presentation`).
[[nodiscard]] std::optional<aria_role> parse_aria_role(std::string_view name) noexcept;

// `level`: of a heading; 0 when none is given, which ARIA takes for 2. Only the first two levels
// are the product's; deeper ones are headings inside of somebody's text.
[[nodiscard]] naming naming_of(aria_role role, unsigned level) noexcept;

}  // namespace nd::schema
