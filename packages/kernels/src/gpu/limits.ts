import { ReckonError } from '@reckon/protocol/base/errors';

/** The limits this package asks for or checks. */
export type Limits = Readonly<
  Record<
    | 'maxBufferSize'
    | 'maxStorageBufferBindingSize'
    | 'maxUniformBufferBindingSize'
    | 'maxStorageBuffersPerShaderStage'
    | 'maxComputeWorkgroupStorageSize'
    | 'maxComputeInvocationsPerWorkgroup'
    | 'maxComputeWorkgroupSizeX'
    | 'maxComputeWorkgroupSizeY'
    | 'maxComputeWorkgroupSizeZ'
    | 'maxComputeWorkgroupsPerDimension',
    number
  >
>;
export type LimitName = keyof Limits;

/** What something needs of a device: limits by name, each with what it is for. */
export interface Need {
  limit: LimitName;
  value: number;
  /** `buffer "weights"`. */
  of: string;
}

/** The first need that the device does not meet. */
export const unmet = (limits: Limits, needs: readonly Need[]): Need | undefined =>
  needs.find(({ limit, value }) => !(value <= limits[limit]));

/** @throws {ReckonError} DEVICE_UNSUPPORTED that names the limit. */
export function checkLimits(limits: Limits, needs: readonly Need[]): void {
  const need = unmet(limits, needs);
  if (need === undefined) return;
  const { limit, value, of } = need;
  throw new ReckonError('DEVICE_UNSUPPORTED', {
    missing: `a GPU whose ${limit} is ${value}, for ${of}; it is ${limits[limit]} here`,
  });
}

/** A storage buffer of `bytes` must fit twice: as a buffer and as a binding. */
export const storageNeeds = (name: string, bytes: number): Need[] => [
  { limit: 'maxBufferSize', value: bytes, of: `buffer "${name}"` },
  { limit: 'maxStorageBufferBindingSize', value: bytes, of: `buffer "${name}"` },
];

/** Workgroups along each axis of one dispatch. */
export const dispatchNeeds = (name: string, counts: readonly number[]): Need[] => [
  { limit: 'maxComputeWorkgroupsPerDimension', value: Math.max(...counts), of: `a dispatch of "${name}"` },
];

/** Threads of a workgroup along each axis, and the bytes they share. */
export function workgroupNeeds(name: string, [x, y = 1, z = 1]: readonly number[], sharedBytes = 0): Need[] {
  const of = `a workgroup of "${name}"`;
  return [
    { limit: 'maxComputeWorkgroupSizeX', value: x ?? 1, of },
    { limit: 'maxComputeWorkgroupSizeY', value: y, of },
    { limit: 'maxComputeWorkgroupSizeZ', value: z, of },
    { limit: 'maxComputeInvocationsPerWorkgroup', value: (x ?? 1) * y * z, of },
    { limit: 'maxComputeWorkgroupStorageSize', value: sharedBytes, of },
  ];
}
