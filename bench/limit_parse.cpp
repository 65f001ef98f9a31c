#include "bench/limit_parse.hpp"

#include <simdjson.h>
#include <time.h>

#include <stdexcept>

namespace nd::bench {
namespace {

std::chrono::nanoseconds thread_cpu_now() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

struct limit_parser::inside {
    simdjson::dom::parser parser;
};

limit_parser::limit_parser() : inside_(std::make_unique<inside>()) {}
limit_parser::~limit_parser() = default;

void limit_parser::make_room(std::string& text) {
    text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
}

void limit_parser::parse(const std::string& text) {
    const auto before = thread_cpu_now();
    const auto parsed = inside_->parser.parse(text.data(), text.size(), false);
    used_ += thread_cpu_now() - before;
    if (parsed.error()) throw std::runtime_error("the bench's own page is no JSON");
}

}  // namespace nd::bench
