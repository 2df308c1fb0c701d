import type { VerbActionDeclaration } from "../../src/github/index.ts";

/** Deploys layers, or one stack alone; or shows what that would change. */
export const declaration: VerbActionDeclaration = {
  name: "deploy-layer",
  description: "Deploy layers of an AWS data lake through change sets, or show what a deploy would change.",
  modes: { apply: "deploy", plan: "plan" },
  modesDescription: "What to do: apply deploys, plan shows what a deploy would change and touches nothing.",
  post: true,
};
