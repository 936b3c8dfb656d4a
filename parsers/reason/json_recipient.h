// Whose failure an object of JSON tells of, as mail services send it to a web hook: Amazon SES'
// "emailAddress", SendGrid's "email", Mailgun's "recipient", SparkPost's "rcpt_to", and their kin.
// json_reply.h reads the reply within.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

// The one address that such keys name, at any depth. Empty: `text` is not JSON, or names none, or
// more than one. Linear.
std::string RecipientInJson(std::string_view text);

// What a web hook gets together, each on one line: the objects of an array of several, or of arrays
// in it, those of an array within that names a recipient in each, and the one that a topic carries
// as a string. Empty: `text` is none of these.
std::vector<std::string> ObjectsInJson(std::string_view text);

// The lines of `text`, if each is an object that names a recipient. Empty: they are not.
std::vector<std::string> ObjectLinesInJson(std::string_view text);

}  // namespace bouncesight
