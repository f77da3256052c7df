#pragma once

/// The commit that this build was made from, with "+" behind it where the work tree held changes; "unknown" outside of git.
const char *clientsync_build_commit(void);
