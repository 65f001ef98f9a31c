// The one place where Asio, its SSL part and Beast are compiled (see BOOST_*_SEPARATE_COMPILATION
// in CMakeLists.txt).
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
