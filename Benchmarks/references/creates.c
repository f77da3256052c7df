// The most that an apply of new clients can reach: for each client a record synced, a POST, a record synced, a GET with the token of
// the answer; so many clients at once, over libcurl, with syncs that are shared. `creates ENDPOINT COUNT THREADS JOURNAL` prints how
// many milliseconds all of it took.
#include <curl/curl.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *endpoint;
static int journal;
static long left;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t synced = PTHREAD_COND_INITIALIZER;
// Records that were appended, and those of them that are known to be on the disk.
static long appended, durable;
static int is_syncing;

static void fail(const char *words) {
  fprintf(stderr, "creates: %s\n", words);
  exit(1);
}

// Appends a record and returns when it is durable. Whoever finds nobody syncing does it for all who wait.
static void record(const char *bytes, size_t size) {
  pthread_mutex_lock(&lock);
  if (write(journal, bytes, size) != (ssize_t)size) fail("the journal cannot be written to");
  const long mine = ++appended;
  while (durable < mine) {
    if (is_syncing) {
      pthread_cond_wait(&synced, &lock);
      continue;
    }
    is_syncing = 1;
    const long all = appended;
    pthread_mutex_unlock(&lock);
    if (fsync(journal) != 0) fail("the journal cannot be synced");
    pthread_mutex_lock(&lock);
    durable = all;
    is_syncing = 0;
    pthread_cond_broadcast(&synced);
  }
  pthread_mutex_unlock(&lock);
}

struct answer {
  char bytes[8192];
  size_t size;
};

static size_t receive(char *bytes, size_t one, size_t size, void *context) {
  struct answer *answer = context;
  (void)one;
  if (answer->size + size >= sizeof answer->bytes) return 0;
  memcpy(answer->bytes + answer->size, bytes, size);
  answer->size += size;
  answer->bytes[answer->size] = 0;
  return size;
}

// The text of a member, which has no escapes here.
static void member(const struct answer *answer, const char *name, char *text, size_t room) {
  const char *start = strstr(answer->bytes, name);
  if (start == NULL) fail("an answer without its members");
  start = strchr(start + strlen(name), '"') + 1;
  const size_t size = strchr(start, '"') - start;
  if (size >= room) fail("a member that is too long");
  memcpy(text, start, size);
  text[size] = 0;
}

static void perform(CURL *call, struct answer *answer, long wanted) {
  long status = 0;
  answer->size = 0;
  if (curl_easy_perform(call) != CURLE_OK) fail("a call failed");
  curl_easy_getinfo(call, CURLINFO_RESPONSE_CODE, &status);
  if (status != wanted) fail("a call was refused");
}

static void *work(void *context) {
  (void)context;
  struct answer answer;
  CURL *call = curl_easy_init();
  struct curl_slist *json = curl_slist_append(NULL, "Content-Type: application/json");
  char note[600], text[200], token[300], header[400];
  memset(note, 'x', sizeof note - 1);
  note[sizeof note - 1] = '\n';
  curl_easy_setopt(call, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(call, CURLOPT_WRITEDATA, &answer);
  for (;;) {
    pthread_mutex_lock(&lock);
    const long number = left--;
    pthread_mutex_unlock(&lock);
    if (number <= 0) break;
    record(note, sizeof note);
    char body[400];
    snprintf(
        body, sizeof body,
        "{\"client_name\":\"Client %ld\",\"redirect_uris\":[\"https://client-%ld.example.com/callback\"],"
        "\"grant_types\":[\"authorization_code\",\"refresh_token\"],\"response_types\":[\"code\"],\"scope\":\"openid offline_access\"}",
        number, number);
    curl_easy_setopt(call, CURLOPT_URL, endpoint);
    curl_easy_setopt(call, CURLOPT_HTTPHEADER, json);
    curl_easy_setopt(call, CURLOPT_POSTFIELDS, body);
    perform(call, &answer, 201);
    member(&answer, "\"registration_client_uri\":", text, sizeof text);
    member(&answer, "\"registration_access_token\":", token, sizeof token);
    record(note, sizeof note);
    snprintf(header, sizeof header, "Authorization: Bearer %s", token);
    struct curl_slist *headers = curl_slist_append(NULL, header);
    curl_easy_setopt(call, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(call, CURLOPT_URL, text);
    curl_easy_setopt(call, CURLOPT_HTTPHEADER, headers);
    perform(call, &answer, 200);
    curl_slist_free_all(headers);
  }
  curl_easy_cleanup(call);
  return NULL;
}

int main(int count, char **arguments) {
  if (count != 5) return 64;
  endpoint = arguments[1];
  left = atol(arguments[2]);
  const int threads = atoi(arguments[3]);
  journal = open(arguments[4], O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
  if (journal < 0 || threads > 256) return 1;
  struct timespec begin, end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  pthread_t all[256];
  for (int index = 0; index < threads; index++) pthread_create(&all[index], NULL, work, NULL);
  for (int index = 0; index < threads; index++) pthread_join(all[index], NULL);
  clock_gettime(CLOCK_MONOTONIC, &end);
  printf("%.2f\n", (end.tv_sec - begin.tv_sec) * 1e3 + (end.tv_nsec - begin.tv_nsec) / 1e6);
  return 0;
}
