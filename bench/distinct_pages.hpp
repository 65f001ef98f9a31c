// Recorded pages made into as many different structures as are wanted: each on a route of its own,
// with an element of its own. As records of nd.pages.v1, through the redactor like everybody's.
// Used by the scenario pages, in its part about nd-enricher.
#pragma once

#include "schema/page_record.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace nd::bench {

class distinct_pages {
  public:
    // `pages`: recorded ones, none twice.
    explicit distinct_pages(std::vector<boost::json::object> pages) : pages_(std::move(pages)) {}

    // Page `number` of 64,000, as the record's value; the same number is the same structure. Throws
    // std::runtime_error when a recorded page is none for the edge.
    [[nodiscard]] std::string record(std::uint64_t number);

  private:
    std::vector<boost::json::object> pages_;
    schema::page_scanner scanner_;
    schema::page_redactor redactor_;
};

}  // namespace nd::bench
