// Bodies of POST /v1/schema from recorded pages, each in a session of its own, so that the edge
// publishes every one of them. Used by the load generator, one per thread, and by the limits, which
// get the same bytes.
#pragma once

#include "bench/event_template.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <span>
#include <string>

namespace nd::bench {

// A page with a place for its session's id.
class page_template {
  public:
    explicit page_template(boost::json::object page);

    void append(std::string& to, std::span<const char, id_length> session) const;

  private:
    std::string text_;
    std::size_t session_at_;
};

class page_maker {
  public:
    // `run`: what makes the sessions of this run different from those of every other.
    page_maker(std::span<const page_template> pages, std::uint64_t run)
        : pages_(pages), sessions_(run) {}

    // Replaces `body` by the next page.
    void make(std::string& body);

  private:
    std::span<const page_template> pages_;
    fresh_ids sessions_;
    std::size_t next_ = 0;
};

}  // namespace nd::bench
