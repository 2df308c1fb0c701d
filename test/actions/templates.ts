/** A template whose resources are made one after the other, so that making it lasts; each holds `value`. */
export function makeSlowTemplate(count: number, value = "here"): string {
  const names = Array.from({ length: count }, (_, index) => `Note${index}`);
  const resources = names.map((name, index) => [
    name,
    {
      Type: "AWS::SSM::Parameter",
      ...(index === 0 ? {} : { DependsOn: `Note${index - 1}` }),
      Properties: { Type: "String", Value: value },
    },
  ]);
  return JSON.stringify({ Resources: Object.fromEntries(resources) as unknown });
}

/** A template of two resources, of which AWS refuses `Bad`, told in `nowhere`: a subscription to a topic that is not there. */
export function makeRefusedTemplate(nowhere = "no-topic"): string {
  return JSON.stringify(
    {
      Resources: {
        Good: { Type: "AWS::SNS::Topic" },
        Bad: {
          Type: "AWS::SNS::Subscription",
          DependsOn: "Good",
          Properties: {
            TopicArn: `arn:aws:sns:ap-northeast-1:123456789012:${nowhere}`,
            Protocol: "email",
            Endpoint: "somebody@example.com",
          },
        },
      },
    },
    undefined,
    1,
  );
}
