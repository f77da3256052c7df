// The most that the provider's store can reach: one thread that inserts clients into the same tables and commits them in groups.
// `group-commits FILE SECONDS GROUP BYTES` prints how many inserts a second it made.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sqlite3 *database;

static void run(const char *sql) {
  char *words = NULL;
  if (sqlite3_exec(database, sql, NULL, NULL, &words) == SQLITE_OK) return;
  fprintf(stderr, "group-commits: %s\n", words);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
  if (count != 5) return 64;
  const double seconds = strtod(arguments[2], NULL);
  const int group = atoi(arguments[3]);
  const int bytes = atoi(arguments[4]);
  if (sqlite3_open(arguments[1], &database) != SQLITE_OK) return 1;
  run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000;"
      "CREATE TABLE IF NOT EXISTS client (id TEXT PRIMARY KEY, client_name TEXT NOT NULL, owner TEXT NOT NULL,"
      " document BLOB NOT NULL, metadata BLOB NOT NULL, created_at TEXT NOT NULL, secret_hash TEXT NOT NULL,"
      " token_signature TEXT) WITHOUT ROWID;"
      "CREATE INDEX IF NOT EXISTS client_by_owner ON client (owner, id);"
      "CREATE INDEX IF NOT EXISTS client_by_name ON client (client_name, id);");
  sqlite3_stmt *insert;
  if (sqlite3_prepare_v2(
          database, "INSERT INTO client VALUES (?, 'Benchmark', '', ?, '{}', '2026-01-01T00:00:00Z', ?, ?)", -1, &insert, NULL)
      != SQLITE_OK) return 1;
  char *document = malloc(bytes);
  if (document == NULL) return 1;
  memset(document, 'x', bytes);
  srand48((long)time(NULL));
  long made = 0;
  const double begin = now();
  while (now() - begin < seconds) {
    run("BEGIN IMMEDIATE");
    for (int place = 0; place < group; place++, made++) {
      char id[37];
      snprintf(
          id, sizeof id, "%08lx-%04lx-4%03lx-8%03lx-%08lx%04lx", mrand48() & 0xffffffff, mrand48() & 0xffff, mrand48() & 0xfff,
          mrand48() & 0xfff, mrand48() & 0xffffffff, mrand48() & 0xffff);
      sqlite3_bind_text(insert, 1, id, 36, SQLITE_STATIC);
      sqlite3_bind_blob(insert, 2, document, bytes, SQLITE_STATIC);
      // As long as the provider's.
      sqlite3_bind_text(insert, 3, "$pbkdf2-sha256$i=1,l=32$0123456789012345678901$0123456789012345678901234567890123456789012",
          -1, SQLITE_STATIC);
      sqlite3_bind_text(insert, 4, "0123456789012345678901234567890123456789012", -1, SQLITE_STATIC);
      if (sqlite3_step(insert) != SQLITE_DONE) return 1;
      sqlite3_reset(insert);
    }
    run("COMMIT");
  }
  printf("%.0f\n", made / (now() - begin));
  return 0;
}
