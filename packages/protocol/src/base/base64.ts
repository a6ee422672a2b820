const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(Array.from(ALPHABET, (letter, value) => [letter, value]));

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const group = (a << 16) | (b << 8) | c;
    const letters = [18, 12, 6, 0].map((shift) => ALPHABET[(group >> shift) & 63]).join('');
    const missing = Math.max(0, i + 3 - bytes.length);
    text += letters.slice(0, 4 - missing) + '='.repeat(missing);
  }
  return text;
}

/** The bytes, or undefined for text that `toBase64` would not have written: one value has one spelling. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const missing = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - missing);
  for (let i = 0, at = 0; i < text.length; i += 4) {
    let group = 0;
    for (let j = i; j < i + 4; j++) {
      const value = j >= text.length - missing ? 0 : VALUES.get(text[j] as string);
      if (value === undefined) return undefined;
      group = (group << 6) | value;
    }
    for (const shift of [16, 8, 0]) if (at < bytes.length) bytes[at++] = (group >> shift) & 255;
  }
  // Bits beyond the last byte must be zero, or two texts would mean the same bytes.
  const lastGroup = bytes.subarray(Math.max(0, bytes.length - 3 + missing));
  return toBase64(lastGroup) === text.slice(-4) ? bytes : undefined;
}
