import { settleAll } from "./context.ts";

/**
 * Does `work` on every item, at most `width` of them at a time and taking an item only when there is room for it, so
 * that a long listing is never held in memory. After a failure no further item is taken.
 */
export async function forEachInParallel<T>(
  items: AsyncIterable<T> | Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  // An async generator queues the calls of its consumers, so that all workers can take from the same one; a worker
  // that fails closes it for the others.
  const shared = generate(items);
  const worker = async () => {
    for await (const item of shared) await work(item);
  };
  await settleAll(Array.from({ length: width }, worker));
}

async function* generate<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void> {
  for await (const item of items) yield item;
}
