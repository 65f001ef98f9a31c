// The body of POST /v1/schema -> a page as the client sent it, unescaped and not yet safe. Called
// by the edge once per request, after decompression, and by the record's reader; one scanner per
// thread (it reuses its buffers). Reads every byte, by the same grammar as events; members that are
// not known are judged as JSON and dropped. What it gives goes to the page redactor and nowhere
// else.
#pragma once

#include "schema/page.hpp"
#include "schema/problem.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <memory>

namespace nd::schema {

// The scanner may read (never use) this many bytes after the body.
inline constexpr std::size_t page_padding = 64;

class page_scanner {
  public:
    page_scanner();
    ~page_scanner();
    page_scanner(page_scanner&&) noexcept;
    page_scanner& operator=(page_scanner&&) noexcept;

    // body[size..size+page_padding) must be readable. `now` is the captured_at of a page that has
    // none, and none may be more than a day after it. The page's views live until the next scan()
    // and as long as the body. Errors: not_json (400), too_many_elements (413), wrong_page and
    // empty_page (422).
    [[nodiscard]] boost::system::result<raw_page, problem> scan(const char* body, std::size_t size,
                                                                instant now);

  private:
    struct inside;
    std::unique_ptr<inside> inside_;
};

}  // namespace nd::schema
