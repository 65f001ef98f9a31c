// The body of a request that wants one: what the head says of it, reading it under the cap,
// unpacking it under a cap of its own. As with entry, what has come already is taken without a
// coroutine. Called by the operations that take a body.
#pragma once

#include "ingest/body_reader.hpp"
#include "ingest/edge.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace nd::ingest {

struct body_rules {
    std::size_t most_unpacked;
    std::string_view advice;  // when it is too large: what to change
};

class request_body {
  public:
    request_body(edge& at, const request_head& head, body_reader& reader, const body_rules& rules)
        : at_(at), head_(head), reader_(reader), rules_(rules), bytes_(at.budget) {}

    // Whether its type and coding are understood; asked before anything is read.
    [[nodiscard]] std::optional<schema::problem> unwanted();
    // False: read() has to wait for the rest.
    [[nodiscard]] bool take_now();
    [[nodiscard]] base::task<> read();
    // Once it has been read: what is wrong with it, else bytes() has the plain body with its
    // padding.
    [[nodiscard]] std::optional<schema::problem> unpack();

    [[nodiscard]] body_buffer& bytes() noexcept { return bytes_; }

  private:
    edge& at_;
    const request_head& head_;
    body_reader& reader_;
    const body_rules& rules_;
    body_buffer bytes_;
    coding coding_ = coding::identity;
    body_end end_ = body_end::cut_off;
};

}  // namespace nd::ingest
