import type { Verb } from "./verb.ts";

/**
 * The product's table of contents. Each verb is loaded when it is first asked for, so that one verb does not pay for
 * the AWS clients of all.
 */
const loaders = {
  validate: async () => (await import("./validate.ts")).validate,
  plan: async () => (await import("./plan.ts")).plan,
  deploy: async () => (await import("./deploy.ts")).deploy,
  status: async () => (await import("./status.ts")).status,
  resources: async () => (await import("./resources.ts")).resources,
  upload: async () => (await import("./upload.ts")).upload,
  crawl: async () => (await import("./crawl.ts")).crawl,
  submit: async () => (await import("./submit.ts")).submit,
  query: async () => (await import("./query.ts")).query,
  check: async () => (await import("./check.ts")).check,
  pipeline: async () => (await import("./pipeline.ts")).pipeline,
  audit: async () => (await import("./audit.ts")).audit,
  destroy: async () => (await import("./destroy.ts")).destroy,
} as const;

/** The name of a verb. */
export type VerbName = keyof typeof loaders;

/** Every verb, in the order in which a lake lives. */
export const verbNames = Object.keys(loaders) as VerbName[];

/** One verb with its declared inputs. */
export async function loadVerb(name: VerbName): Promise<Verb> {
  // A verb takes exactly the values that its own declaration parses to, which is how every caller makes them.
  return await loaders[name]();
}
