// How many descriptors this process may have.
#pragma once

namespace bouncesight {

// As many as the system allows: a source may follow thousands of files.
void RaiseDescriptorLimit();

}  // namespace bouncesight
