import { countOf } from "../core/index.ts";
import type { Block, Noun } from "./blocks.ts";

/** The most that a page may be: UTF-16 units, and bytes of UTF-8. */
export interface Budget {
  readonly characters: number;
  readonly bytes: number;
}

/** How much was left out, by noun: "finding" → 12. */
export type LeftOut = ReadonlyMap<Noun, number>;

/** What stands between two blocks. */
export const gap = "\n\n";

/** What remains of a budget after a text, and the gap before it. */
export function budgetAfter(budget: Budget, text: string): Budget {
  return {
    characters: budget.characters - text.length - gap.length,
    bytes: budget.bytes - Buffer.byteLength(text) - gap.length,
  };
}

const isSpent = ({ characters, bytes }: Budget): boolean => characters < 0 || bytes < 0;

/**
 * The blocks that fit into a budget, in their order. When not all fit, timelines go first; then each block may take half
 * of what remains, so that a long one is cut at its rows and does not push all after it off the page.
 */
export function fitBlocks(
  blocks: readonly Block[],
  budget: Budget,
): { readonly texts: readonly string[]; readonly leftOut: LeftOut } {
  const all = takeWhole(blocks, budget);
  if (all) return { texts: all, leftOut: new Map() };
  const others = blocks.filter((block) => block.whole !== "timeline");
  const leftOut = new Map<Noun, number>();
  lose(leftOut, "timeline", blocks.length - others.length);
  return { texts: takeWhole(others, budget) ?? takeParts(others, budget, leftOut), leftOut };
}

function takeWhole(blocks: readonly Block[], budget: Budget): string[] | undefined {
  const texts: string[] = [];
  let left = budget;
  for (const block of blocks) {
    const part = takeRows(block, left);
    if (part.rows < block.rows || isSpent(part.left)) return undefined;
    texts.push(part.text);
    left = part.left;
  }
  return texts;
}

function takeParts(blocks: readonly Block[], budget: Budget, leftOut: Map<Noun, number>): string[] {
  const texts: string[] = [];
  let left = budget;
  for (const [at, block] of blocks.entries()) {
    const share = at === blocks.length - 1 ? left : halfOf(left);
    const part = takeRows(block, share);
    if (isSpent(part.left) || (part.rows === 0 && block.rows > 0)) {
      lose(leftOut, block.whole ?? block.noun, block.whole ? 1 : block.rows);
      continue;
    }
    lose(leftOut, block.noun, block.rows - part.rows);
    texts.push(part.text);
    left = budgetAfter(left, part.text);
  }
  return texts;
}

const halfOf = ({ characters, bytes }: Budget): Budget => ({
  characters: Math.floor(characters / 2),
  bytes: Math.floor(bytes / 2),
});

/** A block with as many of its rows as a budget has room for; `left` is spent when there is no room even without rows. */
function takeRows(block: Block, budget: Budget): { text: string; rows: number; left: Budget } {
  const cutNote = tellCut(block, block.rows);
  let left = budgetAfter(budget, block.open + block.close + cutNote);
  const rows: string[] = [];
  while (rows.length < block.rows) {
    const row = block.row(rows.length);
    const next = budgetAfter(left, row);
    if (isSpent(next)) break;
    rows.push(row);
    left = next;
  }
  const missing = block.rows - rows.length;
  const note = missing === 0 ? "" : tellCut(block, missing);
  return { text: `${block.open}${rows.join("\n")}${block.close}${note}`, rows: rows.length, left };
}

const tellCut = (block: Block, missing: number): string =>
  missing === 0 ? "" : `${gap}${countOf(missing, `more ${block.noun}`)} left out here.`;

function lose(leftOut: Map<Noun, number>, noun: Noun, lost: number): void {
  if (lost > 0) leftOut.set(noun, (leftOut.get(noun) ?? 0) + lost);
}
