// What an import refused, line by line, as JSON lines in a file of its own. An import that is gone
// on with cuts off what came after its last remembered line, so that each refusal is there once.
// Errors: invalid when the file cannot be written.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

namespace nd::ops {

struct refused_line {
    std::string file;
    std::int64_t line = 0;
    std::string reason;  // "code: sentence"
};

class refusal_file {
  public:
    // A new file; one that exists is not overwritten.
    [[nodiscard]] static base::result<refusal_file> make(const std::string& path);
    // `done`: how many lines of each file are behind us.
    [[nodiscard]] static base::result<refusal_file> go_on(
        const std::string& path, const std::map<std::string, std::int64_t>& done);

    [[nodiscard]] base::result<> add(const refused_line& one);
    // On the disk when it returns.
    [[nodiscard]] base::result<> flush();

  private:
    struct close_file {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    refusal_file(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
    std::string path_;
    std::unique_ptr<std::FILE, close_file> file_;
};

}  // namespace nd::ops
