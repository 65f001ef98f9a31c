#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace nd::base::log {
namespace {

format chosen_form = format::text;

std::string in_quotes(std::string_view text) {
    return boost::json::serialize(boost::json::value(boost::json::string(text)));
}

bool plain(std::string_view text) {
    return !text.empty() && std::none_of(text.begin(), text.end(), [](unsigned char c) {
        return c <= ' ' || c == '"' || c == '=' || c == '\\' || c >= 0x7f;
    });
}

std::string line(std::string_view message, std::initializer_list<field> fields) {
    std::string out;
    if (chosen_form == format::json) {
        out = "\"message\":" + in_quotes(message);
        for (const auto& f : fields)
            out += fmt::format(",\"{}\":{}", f.name, in_quotes(f.value));
        return out;
    }
    out = message;
    for (const auto& f : fields) {
        out += fmt::format(" {}={}", f.name, plain(f.value) ? f.value : in_quotes(f.value));
    }
    return out;
}

spdlog::level::level_enum to_spdlog(level lvl) {
    switch (lvl) {
        case level::debug: return spdlog::level::debug;
        case level::info: return spdlog::level::info;
        case level::warning: return spdlog::level::warn;
        case level::error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

}  // namespace

void start(std::string_view program, level lowest, format form) {
    chosen_form = form;
    auto logger = std::make_shared<spdlog::logger>(
        std::string(program), std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern(form == format::json
                            ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","program":"%n",%v})"
                            : "%Y-%m-%dT%H:%M:%S.%eZ %l %n: %v",
                        spdlog::pattern_time_type::utc);
    logger->set_level(to_spdlog(lowest));
    logger->flush_on(spdlog::level::debug);
    spdlog::set_default_logger(std::move(logger));
}

void write(level lvl, std::string_view message, std::initializer_list<field> fields) {
    auto* logger = spdlog::default_logger_raw();
    if (!logger->should_log(to_spdlog(lvl))) return;
    logger->log(to_spdlog(lvl), "{}", line(message, fields));
}

}  // namespace nd::base::log
