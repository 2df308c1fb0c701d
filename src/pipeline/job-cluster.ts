import { z } from "zod";
import { LakeError, note, type Context } from "../core/index.ts";
import { evaluate, resolveParameters, scopeOf, unknownValue, wireLayers, type Layer } from "../lake/index.ts";
import { findLiveCluster, requireLiveCluster, type JobCluster } from "../spark/index.ts";
import type { Place } from "./step.ts";

const instanceGroupSchema = z.looseObject({
  InstanceType: z.string(),
  InstanceCount: z.coerce.number().int(),
  Market: z.enum(["ON_DEMAND", "SPOT"]).optional(),
});

/** The properties of an AWS::EMR::Cluster that make its shape (CloudFormation template reference). */
const clusterSchema = z.object({
  Name: z.string(),
  ReleaseLabel: z.string(),
  JobFlowRole: z.string(),
  ServiceRole: z.string(),
  Applications: z.array(z.object({ Name: z.string() })).default([{ Name: "Spark" }]),
  LogUri: z.string().optional(),
  Configurations: z.array(z.looseObject({})).optional(),
  Instances: z.looseObject({
    MasterInstanceGroup: instanceGroupSchema,
    CoreInstanceGroup: instanceGroupSchema.optional(),
    Ec2SubnetId: z.string().optional(),
  }),
});

/** Which cluster is wanted, see {@link findJobCluster}. */
interface Wanted {
  readonly named?: boolean | undefined;
  readonly transient?: boolean | undefined;
}

/**
 * The cluster that a job runs on: the layer's, or the one of that name or id, if it is alive; otherwise one of the same
 * shape that ends with the job. One that was `named` has to be alive.
 *
 * @throws LakeError `layer-not-deployed` when there is neither a live cluster nor a template that tells a shape,
 *   `cluster-failed` when the cluster that was named is not alive.
 */
export async function findJobCluster(
  place: Place,
  { named = false, transient = false }: Wanted,
  context: Context,
): Promise<JobCluster> {
  const cluster = transient ? undefined : place.bindings.cluster;
  if (cluster !== undefined && named) return { id: (await requireLiveCluster(cluster, context)).id };
  const live = cluster === undefined ? undefined : await findLiveCluster(cluster, context);
  if (live) return { id: live.id };
  const layer = [...place.environment.layers.values()].find((each) => clusterOf(each) !== undefined);
  if (!layer) {
    throw new LakeError("layer-not-deployed", "no cluster is alive, and no layer's template describes one", {
      hint: "Deploy the compute layer, or name a cluster by the input `cluster`, or under `spark` in the lake file.",
    });
  }
  const why = cluster === undefined ? "no cluster is deployed" : `cluster ${cluster} is not alive`;
  const reason = transient ? "as the input `transient` says" : why;
  note(
    context,
    "info",
    `${reason}: the job gets one of the shape of layer ${layer.name}, which ends with it`,
  );
  return { transient: transientShape(layer, place) };
}

function clusterOf(layer: Layer): Readonly<Record<string, unknown>> | undefined {
  const resources = Object.values(layer.template?.body.Resources ?? {});
  return resources.find((resource) => resource.Type === "AWS::EMR::Cluster")?.Properties;
}

/** What RunJobFlow takes, from the template of the layer; ids of resources that are not there are left to EMR. */
function transientShape(layer: Layer, { environment, outputs }: Place) {
  const wiring = wireLayers(environment, [layer.name], outputs);
  const parameters = resolveParameters(wiring.parameters.get(layer.name) ?? [], outputs);
  const scope = scopeOf(environment, layer);
  const properties = withoutUnknown(
    evaluate(clusterOf(layer), { ...scope, values: { ...scope.values, ...parameters } }),
  );
  const parsed = clusterSchema.safeParse(properties);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new LakeError(
      "invalid-template",
      `the cluster's ${issue?.path.join(".") ?? "shape"} cannot be told from the template`,
      {
        place: { file: layer.template?.file ?? "" },
      },
    );
  }
  const { Instances, Name, ...rest } = parsed.data;
  const { MasterInstanceGroup: master, CoreInstanceGroup: core, Ec2SubnetId } = Instances;
  const groups = [
    { ...master, InstanceRole: "MASTER" as const },
    ...(core ? [{ ...core, InstanceRole: "CORE" as const }] : []),
  ];
  return { ...rest, Name: `${Name}-job`, Instances: { InstanceGroups: groups, Ec2SubnetId } };
}

function withoutUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== unknownValue).map(withoutUnknown);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== unknownValue)
      .map(([key, inner]) => [key, withoutUnknown(inner)]),
  );
}
