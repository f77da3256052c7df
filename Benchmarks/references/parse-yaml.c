// The least that reading manifests can cost: every file of a folder, or the files that are named, through bare libyaml, event by event.
// `parse-yaml PATH…` prints how many events there were.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

static long parse(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) { perror(path); exit(1); }
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) exit(1);
  yaml_parser_set_input_file(&parser, file);
  long events = 0;
  for (int is_done = 0; !is_done; events++) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) {
      fprintf(stderr, "%s: %s\n", path, parser.problem);
      exit(1);
    }
    is_done = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  fclose(file);
  return events;
}

int main(int count, char **arguments) {
  long events = 0;
  for (int index = 1; index < count; index++) {
    DIR *folder = opendir(arguments[index]);
    if (folder == NULL) {
      events += parse(arguments[index]);
      continue;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
      if (entry->d_name[0] == '.') continue;
      char path[4096];
      snprintf(path, sizeof path, "%s/%s", arguments[index], entry->d_name);
      events += parse(path);
    }
    closedir(folder);
  }
  printf("%ld\n", events);
  return 0;
}
