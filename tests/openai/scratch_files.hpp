// A folder of one test's own: a key file that only we may read, and a certificate for TLS.
#pragma once

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace nd::tests {

class scratch_files {
  public:
    scratch_files() {
        if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder");
    }
    ~scratch_files() {
        std::error_code ignored;  // what stays behind in /tmp fails no test
        std::filesystem::remove_all(path_, ignored);
    }
    scratch_files(const scratch_files&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

    std::string secret(const std::string& name, const std::string& text) const {
        std::ofstream(file(name)) << text;
        ::chmod(file(name).c_str(), 0600);
        return file(name);
    }
    // NAME.pem and NAME.key for such a subjectAltName, e.g. "DNS:localhost".
    void certify(const std::string& name, const std::string& who) const {
        const auto command =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "
            "/CN=stub "
            "-addext subjectAltName=" +
            who + " -keyout " + file(name + ".key") + " -out " + file(name + ".pem") +
            " 2>/dev/null";
        if (std::system(command.c_str()) != 0) throw std::runtime_error("openssl made nothing");
    }

  private:
    std::string path_ = "/tmp/nd-openai-XXXXXX";
};

}  // namespace nd::tests
