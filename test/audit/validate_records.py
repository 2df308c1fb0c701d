"""Holds the requests of CloudTrail records, a JSON list on stdin, to botocore's models of their operations.

Prints one line for every mistake: an operation that does not exist, a parameter that it does not have, a value of another type.
"""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator

# Services, and operations, that CloudTrail names otherwise than the SDK.
SERVICES = {"elasticmapreduce": "emr", "s3-control": "s3control", "monitoring": "cloudwatch"}
OPERATIONS = {
    ("s3", "PutBucketPublicAccessBlock"): ("s3", "PutPublicAccessBlock"),
    ("s3", "DeleteBucketPublicAccessBlock"): ("s3", "DeletePublicAccessBlock"),
    ("s3", "PutAccountPublicAccessBlock"): ("s3control", "PutPublicAccessBlock"),
    ("s3", "DeleteAccountPublicAccessBlock"): ("s3control", "DeletePublicAccessBlock"),
    ("s3control", "PutAccountPublicAccessBlock"): ("s3control", "PutPublicAccessBlock"),
    ("s3control", "DeleteAccountPublicAccessBlock"): ("s3control", "DeletePublicAccessBlock"),
    ("s3", "PutAccessPointPolicy"): ("s3control", "PutAccessPointPolicy"),
    # The event of the newer operation has the older one's name.
    ("s3", "PutBucketLifecycle"): ("s3", "PutBucketLifecycleConfiguration"),
    ("s3", "PutBucketObjectLockConfiguration"): ("s3", "PutObjectLockConfiguration"),
    ("budgets", "ModifyBudget"): ("budgets", "UpdateBudget"),
}
# Not an operation of an SDK: signing in to the console.
NO_OPERATION = {"signin"}
# What CloudTrail adds to S3's parameters: where the request went, and the flag of its query.
S3_EXTRAS = {"host", "xmlns"}
S3_FLAGS = {
    "acl",
    "delete",
    "encryption",
    "lifecycle",
    "logging",
    "policy",
    "publicaccessblock",
    "replication",
    "versioning",
}

session = botocore.session.get_session()
models = {}


def model_of(service):
    if service not in models:
        models[service] = session.get_service_model(service)
    return models[service]


def names_of(member, shape):
    """A parameter is known by its own name and by the one it is sent under."""
    return {member.lower(), str(shape.serialization.get("name", member)).lower()}


def convert(value, shape, path, mistakes):
    """A value of a record as the SDK would take it."""
    if shape.type_name == "structure":
        return convert_structure(value, shape, path, mistakes)
    if shape.type_name == "list":
        return convert_list(value, shape, path, mistakes)
    if shape.type_name == "string" and isinstance(value, dict) and path.endswith("Policy"):
        return json.dumps(value)
    return value


def convert_list(value, shape, path, mistakes):
    """S3's lists come out of XML: one item is an object, several are a list, inside of the name of the item."""
    item_name = shape.member.serialization.get("name")
    if isinstance(value, dict) and item_name in value:
        value = value[item_name]
    items = value if isinstance(value, list) else [value]
    return [convert(item, shape.member, f"{path}[]", mistakes) for item in items]


def convert_structure(value, shape, path, mistakes):
    if not isinstance(value, dict):
        mistakes.append(f"{path} is no object")
        return {}
    found = {}
    for key, part in value.items():
        if key.lower() in S3_EXTRAS:
            continue
        known = [name for name, member in shape.members.items() if key.lower() in names_of(name, member)]
        if not known:
            mistakes.append(f"{path}.{key} is no parameter")
            continue
        found[known[0]] = convert(part, shape.members[known[0]], f"{path}.{known[0]}", mistakes)
    return found


def is_flag(service, key, value):
    """`"policy": ""` says which part of a bucket the request was about."""
    return service == "s3" and value == "" and key.lower() in S3_FLAGS


def check(record):
    service = record["eventSource"].removesuffix(".amazonaws.com")
    service = SERVICES.get(service, service)
    if service in NO_OPERATION:
        return []
    service, operation = OPERATIONS.get((service, record["eventName"]), (service, record["eventName"]))
    model = model_of(service)
    if operation not in model.operation_names:
        return [f"{service} has no operation {operation}"]
    given = record.get("requestParameters")
    shape = model.operation_model(operation).input_shape
    if given is None or shape is None:
        return []
    mistakes = []
    given = {key: value for key, value in given.items() if not is_flag(service, key, value)}
    if service in ("s3", "s3control"):
        renamed = {"bucketName": "Bucket", "bucketPolicy": "Policy"}
        given = {renamed.get(key, key): value for key, value in given.items()}
    converted = convert(given, shape, operation, mistakes)
    report = ParamValidator().validate(converted, shape)
    errors = [error for error in report.generate_report().splitlines() if not is_left_out(error, service)]
    return mistakes + errors


def is_left_out(error, service):
    """Parameters that CloudTrail leaves out of its records: bodies, digests, tokens and what the path of a request says."""
    names = ("Body", "Tagging", "Delete", "ContentMD5", "AccountId", "clientToken", "Grantee", "Type", "Owner", "WebIdentityToken")
    return error.startswith("Missing required parameter") and any(f'"{name}"' in error for name in names)


def main():
    failed = False
    for record in json.load(sys.stdin):
        for mistake in check(record):
            failed = True
            print(f"{record['eventSource']} {record['eventName']}: {mistake}")
    sys.exit(1 if failed else 0)


main()
