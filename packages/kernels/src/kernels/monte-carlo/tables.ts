import { normalTableBase64, powerTableBase64 } from './tables.generated.ts';

/** Little-endian u32 from base64, on machines of either order. */
function words(base64: string): Uint32Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(i * 4, true));
}

/** 32 octaves of 8 rows of four u32, and 16 rows of four: see scripts/monte-carlo-tables.ts. */
export const normalTable: Uint32Array<ArrayBuffer> = words(normalTableBase64);
export const powerTable: Uint32Array<ArrayBuffer> = words(powerTableBase64);
