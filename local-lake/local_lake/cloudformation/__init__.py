"""CloudFormation: templates, change sets and stacks, deployed in the background over the public APIs."""
