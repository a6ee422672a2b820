import { fromUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import { jsonFault } from '@reckon/protocol/base/json';
import { tryParse } from '@reckon/protocol/base/parse';
import * as v from 'valibot';
import { real, whole } from '../../params.ts';
import { elementCount } from '../../tensor/tensor.ts';

/** Longest manifest, in bytes of UTF-8. */
const MAX_MANIFEST_BYTES = 16 * 1024;
/** Elements of one buffer at most: 128 MiB of four bytes, which every WebGPU device binds. */
const MAX_ELEMENTS = 2 ** 25;

const Type = v.pipe(v.picklist(['f32', 'i32', 'u32']), v.description('Element type, as in the shader.'));
export type ElementType = v.InferOutput<typeof Type>;

/** Also a file’s name and a part’s, so it is short and plain. */
const Name = v.pipe(v.string(), v.regex(/^[A-Za-z]\w{0,31}$/, 'a letter, then at most 31 letters, digits and _'));
const Binding = v.pipe(whole(0, 31), v.description('N of @group(0) @binding(N).'));
const shape = (description: string, min: number) =>
  v.pipe(v.array(whole(1, MAX_ELEMENTS)), v.minLength(min), v.maxLength(4), v.description(description));

const Uniform = v.strictObject({
  from: v.literal('params'),
  binding: Binding,
  fields: v.pipe(
    v.array(v.strictObject({ name: Name, type: Type })),
    v.minLength(1),
    v.maxLength(64),
    v.description('The uniform’s four-byte words in order: one for a scalar, four for a vec4.'),
  ),
});
const Data = v.strictObject({
  from: v.literal('data'),
  binding: Binding,
  type: Type,
  shape: v.optional(shape('Dimensions of one row; none for a single number.', 0), []),
});
const Table = v.strictObject({
  from: v.literal('table'),
  binding: Binding,
  type: Type,
  shape: shape('Dimensions of the whole table.', 1),
});
export const Output = v.strictObject({
  from: v.literal('output'),
  binding: Binding,
  name: v.pipe(Name, v.description('Of the file it is put together into: name.npy.')),
  type: Type,
  per: v.optional(v.pipe(v.picklist(['row', 'unit']), v.description('One for each row, or one for each unit.')), 'row'),
  shape: v.optional(shape('Dimensions of one; none for a single number.', 0), []),
});
export type UniformBinding = v.InferOutput<typeof Uniform>;
export type OutputBinding = v.InferOutput<typeof Output>;

/** Smallest tolerance of floats: WGSL lets devices differ by a few units in the last place, and flush what is denormal. */
const LEAST_ABSOLUTE = 1e-37;
const LEAST_RELATIVE = 1e-6;

/** How far two results' f32 may lie apart. */
export const Tolerance = v.strictObject({
  absolute: real(LEAST_ABSOLUTE, 1e30),
  relative: real(LEAST_RELATIVE, 0.5),
});

export const ShaderManifest = v.pipe(
  v.strictObject({
    $schema: v.optional(v.pipe(v.string(), v.maxLength(500), v.description('Where this schema lies, for editors.'))),
    entryPoint: v.pipe(Name, v.description('The function with @compute to run.')),
    workgroupSize: v.pipe(
      v.strictTuple([whole(1, 256), whole(1, 256), whole(1, 64)]),
      v.check(([x, y, z]) => x * y * z <= 256, 'at most 256 threads'),
      v.description('As in the shader’s @workgroup_size, at most 256 threads together.'),
    ),
    items: v.pipe(
      v.optional(v.strictObject({ per: v.picklist(['row', 'unit']), count: whole(1, 2 ** 31) }), {
        per: 'row',
        count: 1,
      }),
      v.description('How many items a unit’s dispatches count through: so many for each row, or for each unit.'),
    ),
    itemsPerWorkgroup: v.optional(
      v.pipe(
        whole(1, 65_536),
        v.description('Items one workgroup does; the first number of workgroupSize if left out.'),
      ),
    ),
    bindings: v.pipe(
      v.array(v.variant('from', [Uniform, Data, Table, Output])),
      v.minLength(1),
      v.maxLength(7),
      v.description('What each buffer of @group(0) holds.'),
    ),
    within: v.optional(
      v.pipe(
        Tolerance,
        v.description(
          'How far two results’ f32 may lie apart: absolute + relative · the larger. Whole numbers must be equal.',
        ),
      ),
    ),
  }),
  v.title('Shader manifest'),
  v.description('What a WGSL shader brought to the kernel custom-wgsl reads and writes (docs/kernels.md).'),
);
export type ShaderManifest = v.InferOutput<typeof ShaderManifest>;

/** The manifest’s binding that reads from there, when it has one. */
export const bindingFrom = <F extends ShaderManifest['bindings'][number]['from']>(
  { bindings }: ShaderManifest,
  from: F,
) => bindings.find((binding): binding is Extract<typeof binding, { from: F }> => binding.from === from);

export const outputsOf = ({ bindings }: ShaderManifest): OutputBinding[] =>
  bindings.filter((binding) => binding.from === 'output');

/** @throws {ReckonError} SHADER_MANIFEST_INVALID naming the field. */
export function readShaderManifest(bytes: Uint8Array): ShaderManifest {
  if (bytes.length > MAX_MANIFEST_BYTES) {
    return refuse('(whole)', `at most ${MAX_MANIFEST_BYTES} bytes`, `${bytes.length}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(fromUtf8(bytes));
  } catch (error) {
    return refuse('(whole)', 'JSON', jsonFault(error));
  }
  const parsed = tryParse(ShaderManifest, json);
  if (!parsed.ok) throw new ReckonError('SHADER_MANIFEST_INVALID', { ...parsed.failure });
  checkBindings(parsed.value);
  return parsed.value;
}

function checkBindings(manifest: ShaderManifest): void {
  const { bindings, within } = manifest;
  const outputs = outputsOf(manifest);
  for (const [i, binding] of bindings.entries()) {
    const before = bindings.slice(0, i);
    const at = `bindings.${i}`;
    if (before.some((other) => other.binding === binding.binding)) {
      refuse(`${at}.binding`, 'a number of its own', `${binding.binding} again`);
    }
    if (binding.from !== 'output' && before.some(({ from }) => from === binding.from)) {
      refuse(`${at}.from`, `one binding from ${binding.from}`, 'a second one');
    }
    if (binding.from === 'output' && outputs.find(({ name }) => name === binding.name) !== binding) {
      refuse(`${at}.name`, 'a name of its own', `"${binding.name}" again`);
    }
    if (binding.from === 'params') {
      const names = binding.fields.map(({ name }) => name);
      const twice = names.find((name, n) => names.indexOf(name) !== n);
      if (twice !== undefined) refuse(`${at}.fields`, 'names of their own', `"${twice}" twice`);
    } else if (elementCount(binding.shape) > MAX_ELEMENTS) {
      refuse(`${at}.shape`, `at most ${MAX_ELEMENTS} elements`, `[${binding.shape.join(', ')}]`);
    }
  }
  if (outputs.length === 0) refuse('bindings', 'at least one output', 'none');
  const floats = outputs.some(({ type }) => type === 'f32');
  if (floats && within === undefined) {
    refuse('within', 'a tolerance, since f32 differs between devices', 'none');
  }
  if (!floats && within !== undefined) {
    refuse('within', 'no tolerance: outputs of whole numbers must be equal', 'one');
  }
}

function refuse(path: string, expected: string, received: string): never {
  throw new ReckonError('SHADER_MANIFEST_INVALID', { path, expected, received });
}
