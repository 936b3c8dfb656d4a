// Whose failure an object of JSON tells of, as mail services send it to a web hook: Amazon SES'
// "emailAddress", SendGrid's "email", Mailgun's "recipient", SparkPost's "rcpt_to", and their kin.
// The reply within is read as in any text (loose_reply.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

// The one address that such keys name, at any depth. Empty: `text` is not JSON, or names none, or
// more than one. Linear.
std::string RecipientInJson(std::string_view text);

// The objects of an array of several, as a web hook gets events together; each on one line. Empty:
// `text` is no such array.
std::vector<std::string> ObjectsInJson(std::string_view text);

}  // namespace bouncesight
