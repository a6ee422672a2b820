/**
 * The append-only log everything is replayed from. One writer; entries are opaque bytes, counted from 0.
 */
export interface Journal {
  readonly size: number;
  /** Appends all or none, in order; resolves once they would survive a power cut. */
  append(entries: readonly Uint8Array[]): Promise<void>;
  /** Entries from index `from` on. @throws {ReckonError} JOURNAL_CORRUPT at an entry that is not what was appended. */
  read(from: number): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  close(): void;
}
