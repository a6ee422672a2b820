/* C: multiplies each number of the data by one number of the table and adds another. */
#define RECKON(name) __attribute__((import_module("reckon"), import_name(#name)))

RECKON(input_size) int input_size(int input);
RECKON(input_read) void input_read(int input, void *to, int offset, int length);
RECKON(output_write) void output_write(const void *from, int length);

static double values[4096];

__attribute__((export_name("run"))) int run(void) {
  double scale[2]; /* factor and offset */
  if (input_size(1) != sizeof scale) return 1; /* an error number of our own */
  input_read(1, scale, 0, sizeof scale);
  int size = input_size(0);
  for (int at = 0; at < size; at += sizeof values) {
    int length = size - at < (int)sizeof values ? size - at : (int)sizeof values;
    input_read(0, values, at, length);
    for (int i = 0; i < length / 8; i++) values[i] = values[i] * scale[0] + scale[1];
    output_write(values, length);
  }
  return 0;
}
