#include "ops/refusal_file.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace nd::ops {
namespace {

namespace json = boost::json;

base::error cannot_write(const std::string& path) {
    return base::failure(base::errc::invalid,
                         fmt::format("--refused {}: {}", path, std::strerror(errno)));
}

// How many bytes of the file are of lines that are behind us. A last line without its end was being
// written when the process died.
std::uintmax_t length_of_done(const std::string& path,
                              const std::map<std::string, std::int64_t>& done) {
    std::ifstream in(path);
    std::uintmax_t length = 0;
    for (std::string line; std::getline(in, line) && !in.eof();) {
        boost::system::error_code broken;
        const auto value = json::parse(line, broken);
        if (broken || !value.is_object()) break;
        const auto found = done.find(json::value_to<std::string>(value.at("file")));
        if (found == done.end() || value.at("line").as_int64() > found->second) break;
        length += line.size() + 1;
    }
    return length;
}

}  // namespace

base::result<refusal_file> refusal_file::make(const std::string& path) {
    auto* file = std::fopen(path.c_str(), "wx");
    if (file == nullptr) return cannot_write(path);
    return refusal_file(path, file);
}

base::result<refusal_file> refusal_file::go_on(const std::string& path,
                                               const std::map<std::string, std::int64_t>& done) {
    std::error_code none;
    if (std::filesystem::exists(path, none)) {
        std::filesystem::resize_file(path, length_of_done(path, done), none);
        if (none) {
            return base::failure(base::errc::invalid,
                                 fmt::format("--refused {}: {}", path, none.message()));
        }
    }
    auto* file = std::fopen(path.c_str(), "a");
    if (file == nullptr) return cannot_write(path);
    return refusal_file(path, file);
}

base::result<> refusal_file::add(const refused_line& one) {
    const auto colon = one.reason.find(": ");
    const json::object made{
        {"file", one.file},
        {"line", one.line},
        {"code", one.reason.substr(0, colon)},
        {"detail", colon == std::string::npos ? std::string() : one.reason.substr(colon + 2)}};
    const auto text = json::serialize(made) + "\n";
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size())
        return cannot_write(path_);
    return {};
}

base::result<> refusal_file::flush() {
    if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0)
        return cannot_write(path_);
    return {};
}

}  // namespace nd::ops
