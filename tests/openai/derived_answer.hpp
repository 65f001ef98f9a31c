// What the stand-in's model writes: derived from the names in the request itself, so that a test
// can tell whose page an answer is about. Pure, and the same for the same request.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace nd::tests {

// The data of the request's pages as text, one each; empty when it is about something else.
[[nodiscard]] std::vector<std::string> pages_in(const boost::json::object& body);

struct derive_wish {
    bool stray = false;  // also elements and a page that the request does not have
};
// The text that goes into output_text. Throws std::logic_error when it would break a strict schema:
// then the stand-in is at fault.
[[nodiscard]] std::string derive_answer(const boost::json::object& body, const derive_wish& wish);

}  // namespace nd::tests
