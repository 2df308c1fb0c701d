import { expect, test } from "vitest";
import { setDeploymentStatus, type DeploymentUpdate } from "../../src/github/index.ts";
import {
  connectionReset,
  forbidden,
  secondaryLimit,
  serverError,
  type GitHub,
} from "../support/github/index.ts";
import { connect, openGitHub, operationsOf } from "./github-bed.ts";

const set = async (github: GitHub, update: Partial<DeploymentUpdate>) =>
  await setDeploymentStatus(
    {
      lake: "shop-lake",
      environment: "pr-7",
      sha: "a".repeat(40),
      run: { id: 1, attempt: 1 },
      state: "in_progress",
      transient: true,
      ...update,
    },
    connect(github),
  );
const states = (github: GitHub) =>
  github.state.deployments.map(({ statuses }) => statuses.map(({ state }) => state));

test("makes one deployment a run, and tells its states with where to look", async () => {
  const github = await openGitHub();
  const logUrl = "https://github.com/acme/shop/actions/runs/1";
  const environmentUrl = "https://console.aws.amazon.com/cloudformation";
  const started = await set(github, { logUrl });
  const description = `Deployed ${"so much ".repeat(30)}`;
  const ended = await set(github, { state: "success", logUrl, environmentUrl, description });
  const [deployment] = github.state.deployments;
  expect(github.state.deployments).toHaveLength(1);
  expect(deployment).toMatchObject({
    ref: "a".repeat(40),
    environment: "pr-7",
    transient: true,
    production: false,
    statuses: [
      { state: "in_progress", logUrl, environmentUrl: "", description: "" },
      { state: "success", logUrl, environmentUrl },
    ],
  });
  expect(deployment?.statuses[1]?.description).toMatch(/^Deployed so much .{120,124}…$/);
  expect(started).toEqual({ posted: true, change: "created", deployment: deployment?.id });
  expect(ended).toEqual({ posted: true, change: "updated", deployment: deployment?.id });
  expect(
    github.requests.find(({ operation }) => operation === "repos/create-deployment")?.body,
  ).toMatchObject({
    auto_merge: false,
    required_contexts: [],
  });
});

test("says nothing twice", async () => {
  const github = await openGitHub();
  await set(github, { state: "failure", description: "2 layers failed" });
  expect(await set(github, { state: "failure", description: "2 layers failed" })).toMatchObject({
    change: "unchanged",
  });
  expect(states(github)).toEqual([["failure"]]);
});

test("another run, attempt, commit or lake has a deployment of its own", async () => {
  const github = await openGitHub();
  await set(github, {});
  await set(github, { run: { id: 2, attempt: 1 } });
  await set(github, { run: { id: 1, attempt: 2 } });
  await set(github, { sha: "b".repeat(40) });
  await set(github, { lake: "other-lake" });
  await set(github, { environment: "dev" });
  expect(github.state.deployments).toHaveLength(6);
});

test("a success ends the deployments before it, of its own environment and lake only", async () => {
  const github = await openGitHub();
  const strange = github.state.addDeployment({
    ref: "a".repeat(40),
    environment: "pr-7",
    transient: true,
    production: false,
    payload: "",
    description: null,
    creator: "somebody",
  });
  github.state.addStatus(
    strange,
    { state: "success", description: "", logUrl: "", environmentUrl: "" },
    false,
  );
  await set(github, { lake: "other-lake", state: "success" });
  for (const id of [1, 2]) await set(github, { run: { id, attempt: 1 }, state: "success" });
  await set(github, { run: { id: 3, attempt: 1 }, state: "failure" });
  await set(github, { run: { id: 4, attempt: 1 }, state: "success" });
  expect(states(github)).toEqual([
    ["success"],
    ["success"],
    ["success", "inactive"],
    ["success", "inactive"],
    ["failure"],
    ["success"],
  ]);
});

test("inactive ends all deployments of the environment, and makes none where there is none", async () => {
  const github = await openGitHub();
  expect(await set(github, { state: "inactive" })).toEqual({
    posted: true,
    change: "unchanged",
    deployment: undefined,
  });
  await set(github, { run: { id: 1, attempt: 1 }, state: "success" });
  await set(github, { run: { id: 2, attempt: 1 } });
  expect(await set(github, { run: { id: 3, attempt: 1 }, state: "inactive" })).toMatchObject({
    change: "updated",
  });
  expect(states(github)).toEqual([
    ["success", "inactive"],
    ["in_progress", "inactive"],
  ]);
  const start = github.requests.length;
  await set(github, { run: { id: 3, attempt: 1 }, state: "inactive" });
  expect(operationsOf(github, start)).not.toContain("repos/create-deployment-status");
});

test("the newest 100 deployments of others do not hide ours of the same commit", async () => {
  const github = await openGitHub();
  await set(github, {});
  const [ours] = github.state.deployments;
  if (ours === undefined) throw new Error("nothing was deployed");
  for (let count = 0; count < 120; count += 1) {
    github.state.addDeployment({ ...ours, ref: "b".repeat(40), payload: "" });
  }
  await set(github, { state: "success", transient: false });
  expect(states(github)[0]).toEqual(["in_progress", "success"]);
});

test.each(["repos/create-deployment", "repos/create-deployment-status"])(
  "does %s once, whatever is lost on the way",
  async (operation) => {
    const faults = [
      serverError(),
      serverError({ served: true }),
      connectionReset(),
      connectionReset({ served: true }),
      secondaryLimit({ retryAfter: 3 }),
    ];
    for (const fault of faults) {
      const github = await openGitHub();
      github.interference.fail(operation, fault);
      expect(await set(github, {})).toMatchObject({ posted: true, change: "created" });
      expect(states(github)).toEqual([["in_progress"]]);
    }
  },
);

test("says why it is not shown instead of throwing", async () => {
  const github = await openGitHub();
  github.interference.fail("repos/create-deployment", forbidden());
  const refused = await set(github, {});
  expect(refused).toMatchObject({ posted: false, reason: "forbidden" });
  expect(refused).toHaveProperty("hint", expect.stringContaining("deployments: write"));
});
