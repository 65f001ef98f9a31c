#include "tests/openai/recorded_pages.hpp"

#include "schema/page_redactor.hpp"
#include "schema/page_scan.hpp"

#include <zlib.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace nd::tests {
namespace {

std::string unpack(const std::string& path) {
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(::gzopen(path.c_str(), "rb"), ::gzclose);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::string made;
    std::array<char, 65536> part{};
    for (int got = 0; (got = ::gzread(file.get(), part.data(), part.size())) > 0;)
        made.append(part.data(), static_cast<std::size_t>(got));
    return made;
}

}  // namespace

std::vector<schema::model_page> recorded_pages(const std::string& path,
                                               const schema::tenant_id& tenant) {
    const auto all = unpack(path);
    schema::page_scanner scanner;
    schema::page_redactor redactor;
    std::vector<schema::model_page> made;
    for (std::size_t at = 0; at < all.size();) {
        const auto end = std::min(all.find('\n', at), all.size());
        auto line = all.substr(at, end - at);
        at = end + 1;
        const auto size = line.size();
        line.append(schema::page_padding, '\0');
        const auto raw = scanner.scan(line.data(), size, schema::instant{4'000'000'000'000'000});
        if (!raw) throw std::runtime_error("a recorded page is refused: " + raw.error().detail);
        const auto safe = redactor.redact(*raw, schema::session_hash());
        if (!safe) throw std::runtime_error("a recorded page is refused: " + safe.error().detail);
        made.push_back(schema::visible_to_model(tenant, *safe, [](const auto&) { return true; }));
    }
    return made;
}

}  // namespace nd::tests
