/**
 * Remembers which ids went by, the last one to two million of them, in some 40 bytes each: a record can be in several trails, and
 * LookupEvents can repeat one ("CloudTrail log files aren't an ordered stack trace"). Ids are kept as 52 bits of a hash: a
 * million of them collide with a chance of about 1 in 10,000.
 */
export class SeenIds {
  #young = new Set<number>();
  #old = new Set<number>();
  readonly #generation: number;

  constructor(generation = 1_000_000) {
    this.#generation = generation;
  }

  /** Whether `id` has been seen before; it has been from now on. An empty id never has. */
  has(id: string): boolean {
    if (id === "") return false;
    const hash = hashOf(id);
    if (this.#young.has(hash) || this.#old.has(hash)) return true;
    if (this.#young.size >= this.#generation) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(hash);
    return false;
  }
}

/** Two 26-bit halves of two multiplicative hashes over the text. */
function hashOf(text: string): number {
  let first = 0x811c9dc5;
  let second = 0x9747b28c;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit, 0x5bd1e995);
    second ^= second >>> 13;
  }
  return (first >>> 6) * 2 ** 26 + (second >>> 6);
}
