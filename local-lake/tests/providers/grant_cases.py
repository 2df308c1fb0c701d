"""Cases of the resource types that let others in: identity providers, grants, and tags."""

from __future__ import annotations

from looks import DATABASE, Case, only, ref, see_permissions

USER = "arn:aws:iam::123456789012:role/NAME-user"


def _provider(*clients: str, thumbprint: str) -> dict[str, object]:
    return {
        "Url": "https://NAME.example.com/path",
        "ClientIdList": list(clients),
        "ThumbprintList": [thumbprint * 40],
        "Tags": [{"Key": "own", "Value": thumbprint}],
    }


def _permissions(names: list[str], with_option: list[str]) -> dict[str, object]:
    return {
        "DataLakePrincipal": {"DataLakePrincipalIdentifier": USER},
        "Resource": {"DatabaseResource": {"CatalogId": "123456789012", "Name": ref("Database")}},
        "Permissions": names,
        "PermissionsWithGrantOption": with_option,
    }


def _see_provider(client: object, made: str, _: str) -> object:
    found = client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=made)  # type: ignore[operator]
    own = [tag["Value"] for tag in found["Tags"] if tag["Key"] == "own"]
    return sorted(found["ClientIDList"]), found["ThumbprintList"][0][0], own


GRANT_CASES = (
    Case(
        "AWS::IAM::OIDCProvider",
        _provider("a", "b", thumbprint="1"),
        _provider("b", "c", thumbprint="2"),
        _see_provider,
        (["a", "b"], "1", ["1"]),
        (["b", "c"], "2", ["2"]),
    ),
    Case(
        "AWS::LakeFormation::Permissions",
        _permissions(["ALTER"], ["DESCRIBE"]),
        _permissions(["DESCRIBE", "DROP"], []),
        see_permissions,
        ["ALTER", "DESCRIBE"],
        ["DESCRIBE", "DROP"],
        {"Database": DATABASE},
    ),
    Case(
        "AWS::LakeFormation::Tag",
        {"TagKey": "NAME-key", "TagValues": ["a", "b"]},
        {"TagKey": "NAME-key", "TagValues": ["b", "c"]},
        lambda client, made, _: sorted(
            only(
                [
                    tag["TagValues"]
                    for tag in client("lakeformation").list_lf_tags()["LFTags"]
                    if tag["TagKey"] == made
                ]
            )
        ),
        ["a", "b"],
        ["b", "c"],
    ),
)
