#include "tests/pg/scratch_cluster.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace nd::tests {

temporary_folder::temporary_folder() {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder");
    // The server's user goes through it.
    std::filesystem::permissions(path_, std::filesystem::perms{0755});
}

temporary_folder::~temporary_folder() {
    std::error_code ignored;  // what stays behind in /tmp fails no test
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace nd::tests
