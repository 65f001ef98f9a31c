#include "schema/page_tree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::schema {
namespace {

constexpr std::uint32_t none = 0xffff'ffff;

problem duplicate(std::uint32_t ref) {
    return {problem_code::duplicate_ref,
            fmt::format("two elements have the ref {}: give each its own", ref)};
}

problem orphan(std::size_t place, std::uint32_t parent) {
    return {problem_code::orphan_element,
            fmt::format("element {} has the parent {}, which is no element's ref: send the parent "
                        "too, or 0 for none",
                        place, parent)};
}

problem cycle(std::size_t place, std::uint32_t ref) {
    return {problem_code::parent_cycle,
            fmt::format("element {} (ref {}) is its own ancestor: its parents must lead to an "
                        "element with the parent 0",
                        place, ref)};
}

}  // namespace

bool page_tree::index_refs(std::span<const raw_element> elements) {
    count_ = static_cast<std::uint32_t>(elements.size());
    counted_ = true;
    for (std::uint32_t i = 0; counted_ && i < count_; ++i)
        counted_ = elements[i].ref == i + 1;
    if (counted_) return true;
    places_.clear();
    for (std::uint32_t i = 0; i < count_; ++i)
        places_.emplace_back(elements[i].ref, i);
    std::ranges::sort(places_);
    const auto twice = std::ranges::adjacent_find(places_, {}, [](auto& one) { return one.first; });
    if (twice == places_.end()) return true;
    refusal_ = duplicate(twice->first);
    return false;
}

std::uint32_t page_tree::find(std::uint32_t ref) const {
    if (counted_) return ref <= count_ ? ref - 1 : none;
    const auto found =
        std::ranges::lower_bound(places_, ref, {}, [](const auto& one) { return one.first; });
    return found != places_.end() && found->first == ref ? found->second : none;
}

boost::system::result<std::span<const page_tree::node>, problem> page_tree::order(
    std::span<const raw_element> elements) {
    if (!index_refs(elements)) return std::move(refusal_);
    first_child_.assign(count_ + 1, none);  // the last one: of the page itself
    next_sibling_.assign(count_, none);
    number_.assign(count_, 0);
    std::vector<std::uint32_t>& parents = open_;
    parents.resize(count_);
    // From the back, so that each list begins with its first.
    for (std::uint32_t i = count_; i-- > 0;) {
        const std::uint32_t parent = elements[i].parent == 0 ? count_ : find(elements[i].parent);
        if (parent == none) return orphan(i, elements[i].parent);
        parents[i] = parent;
        next_sibling_[i] = first_child_[parent];
        first_child_[parent] = i;
    }
    nodes_.clear();
    nodes_.reserve(count_);
    std::uint32_t at = first_child_[count_];
    while (at != none) {
        const std::uint32_t above = parents[at];
        nodes_.push_back({at, above == count_ ? 0 : number_[above]});
        number_[at] = static_cast<std::uint32_t>(nodes_.size());
        // Down, else on, else up until one has a sibling.
        std::uint32_t next = first_child_[at];
        while (next == none && at != count_) {
            next = next_sibling_[at];
            at = parents[at];
        }
        at = next;
    }
    if (nodes_.size() == count_) return std::span<const node>(nodes_);
    const auto lost = std::ranges::find(number_, 0u);  // what no root leads to goes in circles
    const auto place = static_cast<std::size_t>(lost - number_.begin());
    return cycle(place, elements[place].ref);
}

}  // namespace nd::schema
