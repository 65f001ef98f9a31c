// The file of tenant create --keys-out: one JSON object per line, readable by its owner only. It
// holds keys, so an existing file is never overwritten. Errors: invalid with the system's reason.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace nd::ops {

class key_file {
  public:
    [[nodiscard]] static base::result<key_file> create(const std::string& path);
    key_file(key_file&& other) noexcept;
    key_file& operator=(key_file&&) = delete;
    ~key_file();

    // Returns when the bytes are on the disk: the keys in them exist nowhere else.
    [[nodiscard]] base::result<> append(std::string_view lines);

  private:
    key_file(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}

    int descriptor_;
    std::string path_;
};

}  // namespace nd::ops
