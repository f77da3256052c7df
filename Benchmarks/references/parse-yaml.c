/* Reads every file of a folder and runs libyaml's events over it: the least that any reader of manifests does. Prints how many
   events there were, so that nothing of it can be left out. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

static long parse(const unsigned char *bytes, size_t count) {
  yaml_parser_t parser;
  yaml_event_t event;
  long events = 0;
  int done = 0;
  if (!yaml_parser_initialize(&parser)) exit(1);
  yaml_parser_set_input_string(&parser, bytes, count);
  while (!done) {
    if (!yaml_parser_parse(&parser, &event)) exit(1);
    done = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
    events++;
  }
  yaml_parser_delete(&parser);
  return events;
}

int main(int count, char **arguments) {
  if (count != 2 || chdir(arguments[1]) != 0) return 64;
  DIR *folder = opendir(".");
  struct dirent *entry;
  long events = 0;
  while ((entry = readdir(folder))) {
    struct stat status;
    if (entry->d_name[0] == '.') continue;
    int file = open(entry->d_name, O_RDONLY);
    if (file < 0 || fstat(file, &status) != 0) return 1;
    unsigned char *bytes = malloc(status.st_size + 1);
    if (read(file, bytes, status.st_size) != status.st_size) return 1;
    close(file);
    events += parse(bytes, status.st_size);
    free(bytes);
  }
  closedir(folder);
  printf("%ld events\n", events);
  return 0;
}
