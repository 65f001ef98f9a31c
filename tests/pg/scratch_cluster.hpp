// A Postgres server of one test's own in a temporary folder, to be killed; started, and gone at the
// end. Throws std::runtime_error when it cannot be.
#pragma once

#include "tests/support/postgres_server.hpp"

namespace nd::tests {

class temporary_folder {
  public:
    temporary_folder();
    ~temporary_folder();
    temporary_folder(const temporary_folder&) = delete;
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

  private:
    std::string path_ = "/tmp/nd-scratch-XXXXXX";
};

class scratch_cluster : private temporary_folder, public postgres_server {
  public:
    explicit scratch_cluster(const std::string& settings)
        : postgres_server(path() + "/pg", settings, path() + "/log") {
        start();
    }
};

}  // namespace nd::tests
