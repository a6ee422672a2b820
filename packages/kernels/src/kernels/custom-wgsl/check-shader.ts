import { type BoundedShader, boundLoops } from './bound-loops.ts';
import { readDeclarations, type WgslResource } from './declarations.ts';
import { type ElementType, readShaderManifest, type ShaderManifest } from './shader-manifest.ts';
import { workBudget } from './span.ts';
import { NOWHERE, readShaderText, refuseShader, wgslTokens } from './wgsl-text.ts';

/** A requester's program that its text and its manifest agree on. */
export interface ShaderProgram extends BoundedShader {
  manifest: ShaderManifest;
  /** Most work of one thread's loops. */
  budget: number;
}

/**
 * Reads a shader and its manifest and refuses all that can be told without a device. Whether it compiles is decided there.
 * @throws {ReckonError} SHADER_INVALID with the line, SHADER_MANIFEST_INVALID naming the field.
 */
export function readProgram(shader: Uint8Array, manifest: Uint8Array): ShaderProgram {
  const [text, terms] = [readShaderText(shader), readShaderManifest(manifest)];
  const tokens = wgslTokens(text);
  const { functions, resources, entryPoints } = readDeclarations(tokens);
  checkEntryPoint(terms, entryPoints);
  for (const resource of resources) checkResource(terms, resource);
  for (const { binding } of terms.bindings) {
    const declared = resources.filter((resource) => resource.binding === binding);
    if (declared.length === 0)
      refuseShader(NOWHERE, `it has no @group(0) @binding(${binding}), which its manifest names`);
    if (declared[1] !== undefined) refuseShader(declared[1], `@binding(${binding}) is declared twice`);
  }
  const [x, y, z] = terms.workgroupSize;
  const budget = workBudget(x * y * z);
  return { ...boundLoops(text, tokens, functions, terms.entryPoint, budget), manifest: terms, budget };
}

function checkEntryPoint(
  { entryPoint, workgroupSize }: ShaderManifest,
  entryPoints: ReturnType<typeof readDeclarations>['entryPoints'],
): void {
  const found = entryPoints.find(({ name }) => name === entryPoint);
  if (found === undefined) {
    const others = entryPoints.map(({ name }) => `"${name}"`).join(', ') || 'none';
    return refuseShader(NOWHERE, `no function "${entryPoint}" with @compute and @workgroup_size; found ${others}`);
  }
  if (found.workgroupSize.join() === workgroupSize.join()) return;
  refuseShader(
    found,
    `@workgroup_size(${found.workgroupSize.join(', ')}) should be ${workgroupSize.join(', ')}, as the manifest says`,
  );
}

const SPACES = {
  params: 'uniform',
  data: 'storage,read',
  table: 'storage,read',
  output: 'storage,read_write',
} as const;
const SCALAR: Readonly<Record<string, ElementType>> = { f: 'f32', i: 'i32', u: 'u32' };

function checkResource({ bindings }: ShaderManifest, resource: WgslResource): void {
  const { name, group, binding, space, type } = resource;
  if (group === 1) refuseShader(resource, `"${name}": @group(1) is the host’s`);
  if (group !== 0) refuseShader(resource, `"${name}" should be in @group(0), not ${group}`);
  const known = bindings.find((candidate) => candidate.binding === binding);
  if (known === undefined) return refuseShader(resource, `"${name}": the manifest has no binding ${binding}`);
  const expected = SPACES[known.from];
  // Storage is read-only unless told otherwise.
  const received = space === 'storage' ? 'storage,read' : space;
  if (received !== expected) {
    const [should, is] = [expected, received].map((words) =>
      words === '' ? 'var' : `var<${words.replace(',', ', ')}>`,
    );
    refuseShader(resource, `"${name}" is ${is}; the manifest has it from ${known.from}, so it should be ${should}`);
  }
  if (known.from === 'params') return;
  // Only what is spelt out: a struct's or an alias' elements are the requester's own affair.
  const spelt = type.flatMap((word) => scalarOf(word) ?? []);
  const other = spelt.find((scalar) => scalar !== known.type);
  if (other !== undefined) refuseShader(resource, `"${name}" is of ${other}; the manifest says ${known.type}`);
  if (type.some((word) => /^vec3[fiu]?$/.test(word)) && (known.shape.at(-1) ?? 1) % 4 !== 0) {
    refuseShader(resource, `"${name}": an array of vec3 takes 16 bytes for each; use array<${known.type}> or vec4`);
  }
}

/** `vec4f` → `f32`; undefined for words that are no type of numbers. */
function scalarOf(word: string): ElementType | undefined {
  const short = /^(?:vec[234]|mat[234]x[234])([fiuh])$/.exec(word)?.[1];
  const known = /^[fiu]32$/.test(word) ? word[0] : short;
  return known === undefined ? undefined : SCALAR[known];
}
