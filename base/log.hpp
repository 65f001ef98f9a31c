// The log: one line per fact, `key=value` text or JSON, to stderr. Who calls it: main and the
// edges, never once per event. It never prints keys, bodies, addresses of clients or passwords;
// callers pass only what an operator may see.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace nd::base::log {

enum class level { debug, info, warning, error };
enum class format { text, json };

// Process-wide, called once by main before any thread starts. `program` goes into every line.
void start(std::string_view program, level lowest, format form);

struct field {
    std::string_view name;
    std::string value;
    template <class T>
    field(std::string_view n, const T& v) : name(n), value(fmt::format("{}", v)) {}
};

// `message` is a fixed sentence in English; what varies goes into the fields.
void write(level lvl, std::string_view message, std::initializer_list<field> fields = {});

inline void debug(std::string_view m, std::initializer_list<field> f = {}) {
    write(level::debug, m, f);
}
inline void info(std::string_view m, std::initializer_list<field> f = {}) {
    write(level::info, m, f);
}
inline void warning(std::string_view m, std::initializer_list<field> f = {}) {
    write(level::warning, m, f);
}
inline void error(std::string_view m, std::initializer_list<field> f = {}) {
    write(level::error, m, f);
}

}  // namespace nd::base::log
