/** A template of two SSM parameters; the making of the second, `<name>-held`, is what a fault can hold or fail. */
export function makeNoteTemplate(name: string, value = "here"): string {
  return JSON.stringify(
    {
      Resources: {
        Quick: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: value } },
        Held: {
          Type: "AWS::SSM::Parameter",
          DependsOn: "Quick",
          Properties: { Name: `${name}-held`, Type: "String", Value: value },
        },
      },
    },
    undefined,
    1,
  );
}

/** A template of two resources, of which AWS refuses `Bad`: a subscription to a topic that is not there. */
export function makeRefusedTemplate(topic = "no-topic"): string {
  return JSON.stringify(
    {
      Resources: {
        Good: { Type: "AWS::SNS::Topic" },
        Bad: {
          Type: "AWS::SNS::Subscription",
          DependsOn: "Good",
          Properties: {
            TopicArn: `arn:aws:sns:ap-northeast-1:123456789012:${topic}`,
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
