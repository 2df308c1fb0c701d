import {
  countOf,
  formatBytes,
  formatCount,
  LakeError,
  listWords,
  settleAll,
  type Context,
} from "../core/index.ts";
import type { Environment } from "../lake/index.ts";
import { countVersions, emptyBucket, type VersionCount } from "../objects/index.ts";
import { table } from "../report/index.ts";
import { deleteLayers, listStackResources, readLiveStacks, type LiveStacks } from "../stacks/index.ts";
import { guardAccount } from "./guard-account.ts";
import { stackInputs } from "./common-inputs.ts";
import { layerInputs, selectLayers } from "./select-layers.ts";
import { defineVerb, startReport } from "./verb.ts";

/** A stack is deleted without its template. */
const omitTemplate = { stack: stackInputs.stack };

/** A bucket and what is in it; the count stops at a bound, as nobody waits for an exact million. */
interface Bucket extends VersionCount {
  readonly layer: string;
  readonly name: string;
}

/** Deletes an environment's layers; data only with `deep-clean`. */
export const destroy = defineVerb({
  name: "destroy",
  summary: "delete the environment's layers; data in buckets only with --deep-clean",
  inputs: {
    ...layerInputs,
    ...omitTemplate,
    force: { kind: "flag", default: "false", description: "Do not ask." },
    confirm: {
      kind: "text",
      description: "The environment's name (or the stack's, for one alone), typed instead of an answer.",
    },
    "dry-run": { kind: "flag", default: "false", description: "Only show what would be deleted." },
    "deep-clean": {
      kind: "flag",
      default: "false",
      description: "Delete what is in the buckets too, every version.",
    },
    "retry-failed": { kind: "flag", default: "false", description: "Only take up deletions that failed." },
    timeout: {
      kind: "duration",
      default: "30m",
      description: "Give up on a layer, and say so, after this time.",
    },
  },
  outputs: {
    deleted: "The layers that were deleted, as a JSON list.",
  },
  changes: true,
  async run({ environment, inputs }, context) {
    if (environment.protected) throw refuseProtected(environment);
    const name = inputs.stack ?? environment.name;
    if (inputs.confirm !== undefined && inputs.confirm !== name) throw refuseOther(inputs.confirm, name);
    const account = await guardAccount(environment, context);
    const live = await readLiveStacks(environment, context);
    const layers = selectDeletable(environment, live, inputs);
    const buckets = await inspectBuckets(live, layers, context);
    const filled = buckets.filter((bucket) => bucket.versions > 0);
    if (inputs["dry-run"]) return preview({ environment, account, layers, live, filled });
    if (filled.length > 0 && !inputs["deep-clean"]) throw refuseFilled(filled);
    if (layers.length > 0 && !inputs.force && inputs.confirm === undefined)
      await askFirst({ environment, account, layers, live, filled }, name, context);

    await settleAll(filled.map(({ name }) => emptyBucket(name, context)));
    const deleted = await deleteLayers({ environment, layers, live, within: inputs.timeout }, context);
    const headline =
      deleted.length === 0 ? "nothing was there to delete" : `${countOf(deleted.length, "layer")} deleted`;
    const rows = deleted.map((layer) => [layer, live.get(layer)?.name ?? ""]);
    const report = startReport("destroy", environment, {
      verdict: deleted.length === 0 ? "unchanged" : "changed",
      headline: `${headline}${keptNote(environment, live, deleted)}`,
      sections: [table("Deleted", ["layer", "stack"], rows)],
    });
    const emptied = filled.map((bucket) => bucket.name);
    return { report, data: { deleted, buckets: emptied }, outputs: { deleted: JSON.stringify(deleted) } };
  },
});

/** Where counting stops: enough to tell a person what is at stake. */
const countLimit = 100_000;

/** Layers of the whole account are deleted only when they are named. */
function selectDeletable(
  environment: Environment,
  live: LiveStacks,
  inputs: Parameters<typeof selectLayers>[1] & { readonly "retry-failed": boolean },
): string[] {
  return selectLayers(environment, inputs)
    .filter((layer) => live.has(layer))
    .filter((layer) => inputs.layers !== undefined || environment.layers.get(layer)?.scope === "environment")
    .filter((layer) => !inputs["retry-failed"] || live.get(layer)?.status === "DELETE_FAILED");
}

async function inspectBuckets(
  live: LiveStacks,
  layers: readonly string[],
  context: Context,
): Promise<Bucket[]> {
  const resources = await listStackResources(live, layers, context);
  const buckets = resources.filter((resource) => resource.type === "AWS::S3::Bucket");
  return settleAll(
    buckets.map(async ({ layer, physicalId: name }) => ({
      layer,
      name,
      ...(await countVersions({ bucket: name, limit: countLimit }, context)),
    })),
  );
}

/** What would be deleted, with nothing touched. */
function preview({ environment, layers, live, filled }: Proposal) {
  const buckets = filled.map(describeBucket);
  const report = startReport("destroy", environment, {
    verdict: "unchanged",
    headline: `${countOf(layers.length, "layer")} would be deleted; nothing was touched`,
    sections: [
      table(
        "Would be deleted",
        ["layer", "stack"],
        layers.map((layer) => [layer, live.get(layer)?.name ?? ""]),
      ),
      ...(buckets.length === 0
        ? []
        : [{ kind: "text" as const, title: "With all that is in (deep-clean only)", lines: buckets }]),
    ],
  });
  const data = { layers, buckets: filled.map(({ name }) => name) };
  return { report, data, outputs: { deleted: "[]" } };
}

function refuseOther(typed: string, name: string): LakeError {
  return new LakeError("confirmation-missing", `confirm: "${typed}" is not the name "${name}"`, {
    hint: "Nothing was deleted. Type the name of what is to go.",
  });
}

function refuseProtected(environment: Environment): LakeError {
  return new LakeError("environment-protected", `environment ${environment.name} is protected`, {
    hint: "Take `protected: true` out of lake.yaml first, if it really is to go.",
    place: environment.lake.place("environments", environment.name, "protected"),
  });
}

function describeBucket({ name, versions, bytes, complete }: Bucket): string {
  const [count, size] = [formatCount(versions), formatBytes(bytes)];
  return !complete
    ? `${name} (more than ${count} objects)`
    : `${name} (${count} ${versions === 1 ? "object" : "objects"}, ${size})`;
}

function refuseFilled(filled: readonly Bucket[]): LakeError {
  const which = listWords(filled.map(describeBucket));
  return new LakeError("buckets-not-empty", `nothing was deleted: there is data in ${which}`, {
    hint: "Add --deep-clean (in an action `deep-clean: true`) to delete it too, every version of it; there is no way back.",
  });
}

interface Proposal {
  readonly environment: Environment;
  readonly account: string;
  readonly layers: readonly string[];
  readonly live: LiveStacks;
  readonly filled: readonly Bucket[];
}

async function askFirst(
  { environment, account, layers, live, filled }: Proposal,
  name: string,
  context: Context,
): Promise<void> {
  const details = [
    ...layers.map((layer) => `stack ${live.get(layer)?.name ?? layer}`),
    ...filled.map((bucket) => `everything in ${describeBucket(bucket)}`),
  ];
  const text = `Delete environment ${environment.name} of ${environment.lake.name} in account ${account}?`;
  if (await context.host.confirm({ text, details })) return;
  throw new LakeError("confirmation-missing", "nothing was deleted: nobody said yes", {
    hint: `Answer yes on a terminal; where nobody can answer, add --force or give \`confirm: ${name}\`.`,
  });
}

function keptNote(environment: Environment, live: LiveStacks, deleted: readonly string[]): string {
  const kept = [...live.keys()].filter(
    (layer) => environment.layers.get(layer)?.scope === "account" && !deleted.includes(layer),
  );
  return kept.length === 0 ? "" : `; ${listWords(kept)} stays, as it is the whole account's`;
}
