#include "build_information.h"

const char *clientsync_build_commit(void) { return CLIENTSYNC_COMMIT; }
