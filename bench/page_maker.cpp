#include "bench/page_maker.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace nd::bench {
namespace {

constexpr std::string_view place = "\"session_id\":\"";

}  // namespace

page_template::page_template(boost::json::object page) {
    page["session_id"] = std::string(id_length, '-');
    text_ = boost::json::serialize(page);
    const auto written = std::string(place) + std::string(id_length, '-') + '"';
    session_at_ = text_.find(written) + place.size();
}

void page_template::append(std::string& to, std::span<const char, id_length> session) const {
    const auto from = to.size();
    to += text_;
    std::ranges::copy(session, to.begin() + static_cast<std::ptrdiff_t>(from + session_at_));
}

void page_maker::make(std::string& body) {
    std::array<char, id_length> session{};
    sessions_.write(sessions_.next(), session);
    body.clear();
    pages_[next_].append(body, session);
    next_ = (next_ + 1) % pages_.size();
}

}  // namespace nd::bench
