// A nameless file in the temporary directory (TMPDIR, else /tmp) for what does not fit into memory:
// gone when it is closed or the process ends. Called by external_sorter. Errors: unavailable, with
// the directory and what to do.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace nd::ops {

class spill_file {
  public:
    [[nodiscard]] static base::result<spill_file> make();
    ~spill_file();
    spill_file(spill_file&& other) noexcept;
    spill_file& operator=(spill_file&& other) noexcept;

    [[nodiscard]] base::result<> append(std::span<const std::byte> bytes);
    // Exactly as many bytes as fit into `into`; less is an error.
    [[nodiscard]] base::result<> read(std::uint64_t offset, std::span<std::byte> into) const;
    [[nodiscard]] std::uint64_t size() const { return size_; }

  private:
    explicit spill_file(int owned) : owned_(owned) {}
    int owned_;
    std::uint64_t size_ = 0;
};

}  // namespace nd::ops
