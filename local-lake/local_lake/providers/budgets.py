"""AWS::Budgets::Budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import Context, Properties, Provider, update_rules

if TYPE_CHECKING:
    from collections.abc import Mapping


class Budget(Provider):
    """A budget and its notifications; its physical id is its name."""

    type_name = "AWS::Budgets::Budget"
    updates = update_rules(
        always="Budget.BudgetName Budget.BudgetType", never="Budget NotificationsWithSubscribers"
    )
    required = ("Budget",)

    def create(self, context: Context, properties: Properties) -> str:
        """Create the budget."""
        wanted = dict(properties["Budget"])
        wanted["BudgetName"] = str(wanted.get("BudgetName") or context.generate_name(100))
        context.client("budgets").create_budget(
            AccountId=context.account,
            Budget=_amounts(wanted),
            NotificationsWithSubscribers=properties.get("NotificationsWithSubscribers") or [],
        )
        return str(wanted["BudgetName"])

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change the budget and exchange its notifications."""
        client = context.client("budgets")
        of_budget = {"AccountId": context.account, "BudgetName": physical_id}
        wanted = _amounts({**after["Budget"], "BudgetName": physical_id})
        client.update_budget(AccountId=context.account, NewBudget=wanted)
        old = before.get("NotificationsWithSubscribers") or []
        new = after.get("NotificationsWithSubscribers") or []
        for entry in [entry for entry in old if entry not in new]:
            client.delete_notification(**of_budget, Notification=entry["Notification"])
        for entry in [entry for entry in new if entry not in old]:
            client.create_notification(
                **of_budget, Notification=entry["Notification"], Subscribers=entry["Subscribers"]
            )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return DescribeBudget's Budget."""
        answer = context.client("budgets").describe_budget(AccountId=context.account, BudgetName=physical_id)
        budget: dict[str, Any] = answer["Budget"]
        return budget

    def observe(self, _: Context, __: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the budget; its notifications are not compared."""
        return {"Budget": live}

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the budget with its notifications."""
        context.client("budgets").delete_budget(AccountId=context.account, BudgetName=physical_id)


def _amounts(budget: Properties) -> dict[str, Any]:
    """Write amounts as the API wants them, as text: templates give numbers."""
    written = dict(budget)
    if "BudgetLimit" in written:
        written["BudgetLimit"] = {**written["BudgetLimit"], "Amount": str(written["BudgetLimit"]["Amount"])}
    return written
