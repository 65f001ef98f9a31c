// The tree that a page's elements say they are: refs and parents in any order -> document order. A
// page that is no tree is refused with the element to change. Pure; called by the page redactor;
// one object per thread (it reuses its buffers).
#pragma once

#include "schema/page.hpp"
#include "schema/problem.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace nd::schema {

class page_tree {
  public:
    struct node {
        std::uint32_t element = 0;  // place in the request's array
        std::uint32_t parent = 0;   // number in document order, 0: none
    };
    // Depth first, children in the order of the array; node i has the number i + 1. Lives until the
    // next order(). Errors (422): duplicate_ref, orphan_element, parent_cycle.
    [[nodiscard]] boost::system::result<std::span<const node>, problem> order(
        std::span<const raw_element> elements);

  private:
    [[nodiscard]] bool index_refs(std::span<const raw_element> elements);
    [[nodiscard]] std::uint32_t find(std::uint32_t ref) const;  // place, or none

    std::vector<std::pair<std::uint32_t, std::uint32_t>> places_;  // ref, place; sorted
    bool counted_ = false;  // element i has the ref i + 1, as most senders do it
    std::uint32_t count_ = 0;
    std::vector<std::uint32_t> first_child_;
    std::vector<std::uint32_t> next_sibling_;
    std::vector<std::uint32_t> open_;  // places whose turn comes
    std::vector<std::uint32_t> number_;
    std::vector<node> nodes_;
    problem refusal_;
};

}  // namespace nd::schema
